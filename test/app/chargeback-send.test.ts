/**
 * Goal: each team's contacts get the statement once per version, whoever sends and however often, and a
 * mail names the hash of the manifest. Method: the real command on books made by hand, and an SMTP server
 * over a socket.
 */
import { createHash } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { HAND_RULES, plantHandBooks } from '../exports/hand-books.ts';
import { type CliResult, cli, configurationFile } from '../support/cli.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { SmtpSink } from './notify/smtp-sink.ts';

const NOW = '2026-11-04T00:00:00Z';
const NLP = 'ST-202610-46fb078d';

let database: TestDatabase;
let sink: SmtpSink;
let config: string;
let out: string;

interface Settings {
  readonly port?: number;
  readonly statements?: object;
}

async function configure({ port = sink.port, statements = {} }: Settings = {}): Promise<void> {
  const smtp = { host: '127.0.0.1', port, security: 'none' };
  const channel = {
    id: 'mail',
    kind: 'email',
    smtp,
    from: 'mh@example.com',
    to: ['x@example.com'],
  };
  config = await configurationFile({
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: [
      {
        id: 'test-account',
        provider: 'fluence',
        credentials: { api_key: 'k-not-used' },
        base_url: 'http://127.0.0.1:9',
      },
    ],
    reference: { allocation: 'allocation.yaml' },
    alerts: { channels: [channel] },
    exports: { statements: { contact: 'finops@example.com', ...statements } },
  });
  out = path.join(path.dirname(config), 'files');
  await writeRules(HAND_RULES);
}

const writeRules = (text: string): Promise<void> =>
  writeFile(path.join(path.dirname(config), 'allocation.yaml'), text);

const run = (...argv: string[]): Promise<CliResult> =>
  cli(['--config', config, '--now', NOW, 'chargeback', ...argv]);

/** The last column of each row of the table. */
const rowsOf = ({ stdout }: CliResult): string[][] =>
  stdout
    .split('\n')
    .filter((line) => line.includes('ST-2026'))
    .map((line) => line.split(/ {2,}/))
    .map(([team = '', , to = '', state = '']) => [team, to, state]);

const recipients = (): string[] =>
  sink.mails.map(({ to }) => to.join().replace(/[<>]/g, '')).sort();

/** A mail's text with its lines joined and its encoding undone. */
const textOf = (data = ''): string =>
  data
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database?.close();
});

beforeEach(async ({ onTestFinished }) => {
  sink = await SmtpSink.start();
  onTestFinished(() => sink.stop());
  await configure();
  const { rows } = await database.pool.query(
    `select to_regclass('public.planted_state') as planted`,
  );
  if (rows[0]?.planted === null) await plantHandBooks(database.pool, path.dirname(config));
  await database.pool.query('delete from notify.statement_mail');
  expect((await run('--month', '2026-10', '--out', out, '--format', 'html')).exitCode).toBe(0);
});

test('without --send nothing is sent, and who would get what is said', async () => {
  await writeRules(HAND_RULES.replace(', contacts: [nlp@example.com]', ''));
  const result = await run('send', out);
  expect(rowsOf(result)).toEqual([
    ['nlp', '-', 'nobody to send to: add contacts to the team in the allocation file'],
    ['web', 'web@example.com', 'would be sent'],
    ['web', 'shop@example.com', 'would be sent'],
  ]);
  expect(result.stdout).toContain('nothing was sent: send with --send\n');
  expect(result.exitCode).toBe(0);
  expect(sink.mails).toEqual([]);
});

test('each contact gets the page, its total and the hashes, once', async () => {
  const result = await run('send', out, '--month', '2026-10', '--send');
  expect(rowsOf(result).map(([, , state]) => state)).toEqual(['sent', 'sent', 'sent']);
  expect(recipients()).toEqual(['nlp@example.com', 'shop@example.com', 'web@example.com']);
  const mail = sink.mails.find(({ to }) => to[0]?.includes('nlp@'));
  const text = textOf(mail?.data);
  const hash = async (name: string) =>
    createHash('sha256')
      .update(await readFile(path.join(out, name)))
      .digest('hex');
  expect(text).toContain(`Subject: Statement ${NLP}: nlp, 2026-10, 353.33 USD\r\n`);
  expect(text).toContain('Reply-To: finops@example.com');
  expect(text).toContain('The month is closed: this statement does not change any more.');
  expect(text).toContain(
    `SHA-256 of chargeback-2026-10-manifest.json: ${await hash('chargeback-2026-10-manifest.json')}`,
  );
  const page = 'chargeback-2026-10-team-nlp-46fb078d98.html';
  expect(text).toContain(`SHA-256 of the statement: ${await hash(page)}`);
  const encoded = /Encoding: base64\r\n(?:.+\r\n)*\r\n([\w+/=\r\n]+)/.exec(mail?.data ?? '')?.[1];
  const attached = Buffer.from(encoded ?? '', 'base64');
  expect(createHash('sha256').update(attached).digest('hex')).toBe(await hash(page));

  const again = await run('send', out, '--month', '2026-10', '--send');
  expect(rowsOf(again).map(([, , state]) => state)).toEqual([
    'sent before',
    'sent before',
    'sent before',
  ]);
  expect(again.exitCode).toBe(0);
  expect(sink.mails).toHaveLength(3);
});

test('two senders at once send once', async () => {
  const results = await Promise.all([run('send', out, '--send'), run('send', out, '--send')]);
  expect(recipients()).toEqual(['nlp@example.com', 'shop@example.com', 'web@example.com']);
  const states = results.flatMap((result) => rowsOf(result).map(([, , state]) => state));
  expect(states.filter((state) => state === 'sent')).toHaveLength(3);
  expect(new Set(states)).not.toContain('not sent');
});

test('another version is sent again, under a Message-ID of its own', async () => {
  await run('send', out, '--send');
  await configure({ statements: { contact: 'other@example.com' } });
  await run('--month', '2026-10', '--out', out, '--format', 'html');
  await run('send', out, '--send');
  const ids = sink.mails.map(({ data }) => /^Message-ID: (.*)$/m.exec(data)?.[1]);
  expect(new Set(ids).size).toBe(6);
});

test('a refused recipient does not keep the others from theirs, and is tried again', async () => {
  await writeRules(HAND_RULES.replace('web@example.com', 'nobody@example.com'));
  const result = await run('send', out, '--send');
  expect(rowsOf(result)).toEqual([
    ['nlp', 'nlp@example.com', 'sent'],
    ['web', 'nobody@example.com', 'not sent: the mail server refused it (EENVELOPE 550)'],
    ['web', 'shop@example.com', 'sent'],
  ]);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toBe(
    'error: 1 mail(s) of 2026-10 were not sent: run the command again, which sends only those\n',
  );
  await writeRules(HAND_RULES);
  await run('send', out, '--send');
  expect(recipients()).toEqual(['nlp@example.com', 'shop@example.com', 'web@example.com']);
});

test('while the mail server is away nothing is sent, and all of it afterwards', async () => {
  const { port } = sink;
  await sink.stop();
  const result = await run('send', out, '--send');
  expect(rowsOf(result).map(([, , state]) => state)).toEqual([
    'not sent: the mail server does not answer (ESOCKET)',
    'not sent: not tried any more',
    'not sent: not tried any more',
  ]);
  expect(result.exitCode).toBe(1);
  sink = await SmtpSink.start(port);
  expect((await run('send', out, '--send')).exitCode).toBe(0);
  expect(recipients()).toEqual(['nlp@example.com', 'shop@example.com', 'web@example.com']);
  await sink.stop();
});

test('what a killed sender began is sent a minute later, under the same Message-ID', async () => {
  await run('send', out, '--send');
  const first = sink.mails.splice(0).map(({ data }) => /^Message-ID: (.*)$/m.exec(data)?.[1]);
  // As if the process had died before it could record what the server took.
  await database.pool.query(
    `update notify.statement_mail set sent_at = null, next_attempt_at = $1::timestamptz + interval '50 s'`,
    [NOW],
  );
  const early = await run('send', out, '--send');
  expect(new Set(rowsOf(early).map(([, , state]) => state))).toEqual(
    new Set(['another process sends it']),
  );
  await cli([
    '--config',
    config,
    '--now',
    '2026-11-04T00:01:00Z',
    'chargeback',
    'send',
    out,
    '--send',
  ]);
  expect(sink.mails.map(({ data }) => /^Message-ID: (.*)$/m.exec(data)?.[1])).toEqual(first);
});

test('a changed page is not sent, nor a month that is not there', async () => {
  const none = await run('send', out, '--month', '2026-08');
  expect(none.exitCode).toBe(2);
  expect(none.stderr).toContain(`there is no chargeback of 2026-08 in ${out}`);
  await appendFile(path.join(out, 'chargeback-2026-10-team-nlp-46fb078d98.html'), 'x');
  const changed = await run('send', out, '--send');
  expect(changed.exitCode).toBe(1);
  expect(changed.stderr).toBe(
    'error: nothing is sent, for 2026-10 is not as it was sealed: chargeback-2026-10-team-nlp-46fb078d98.html was changed after it was written\n',
  );
  expect(sink.mails).toEqual([]);
});

test('without a mail server, or with an address that is none, it says what to set', async () => {
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace(/alerts:[\s\S]*?(?=exports:)/, ''));
  expect((await run('send', out)).stderr).toContain(
    'has no mail server: add an e-mail channel to alerts.channels',
  );
  await writeFile(config, text);
  await writeRules(HAND_RULES.replace('nlp@example.com', 'nlp'));
  const { exitCode, stderr } = await run('send', out);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('teams.0.contacts.0 must be an e-mail address');
});

/**
 * Goal: a manifest's signature is one of minisign, is checked when a public key is given, and the key is
 * nowhere in what is written. Method: a key, a text and its signature that minisign 0.11 made, and the real
 * commands on books made by hand.
 */
import { appendFile, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  readPublicKey,
  readSecretKey,
  type SigningKey,
  signatureDefect,
  signatureOf,
} from '../../exports/formats/minisign.ts';
import { type CliResult, cli, configurationFile } from '../support/cli.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { plantHandBooks } from './hand-books.ts';

/** Made for this test by `minisign -G -W`, and used nowhere else. */
const SECRET =
  'RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAArrs156WAe67d/gHEVFCdMh2ScaV51YzZi3UcahkT+TV8pd6BjroI2yFNc3VGYmUfA9MzHFvGoD/n0gatey40RCaG5PwVovTVAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
const PUBLIC = 'RWSuuzXnpYB7riFNc3VGYmUfA9MzHFvGoD/n0gatey40RCaG5PwVovTV';
const TEXT = Buffer.from('{"a":1}\n');
const SIGNATURE = [
  'untrusted comment: signature from minisign secret key',
  'RUSuuzXnpYB7rsXhq+mpX6dopDGx6WKlJHTTDg/OYpv+ClRTl1ES7ScW8rfwbRkODTgExRCYBv25HffUqP2o/KHd+FtwyMJ9jwc=',
  'trusted comment: trusted',
  'Ro4ERhVvOVGWe12Ssp8uXHZXWb3HWAKsgbT7pGFGK5jvS8i6H+3zDr6O2iVbyP62WUlMsjYPSgrENsTpxs1ABA==\n',
].join('\n');

const keyOf = (key: SigningKey | null): SigningKey => {
  if (key === null) throw new Error('no key');
  return key;
};

describe('the form of minisign', () => {
  test('is what is written, byte for byte but for the untrusted comment', () => {
    const file = `untrusted comment: minisign encrypted secret key\n${SECRET}\n`;
    const lines = signatureOf(TEXT, keyOf(readSecretKey(file)), 'trusted').split('\n');
    expect(lines.slice(1)).toEqual(SIGNATURE.split('\n').slice(1));
  });

  test('is read, and each change of text, signature, comment or key is found', () => {
    const key = keyOf(readPublicKey(`untrusted comment: minisign public key\n${PUBLIC}\n`));
    expect(signatureDefect(TEXT, key, SIGNATURE)).toBeNull();
    expect(signatureDefect(Buffer.from('{"a":2}\n'), key, SIGNATURE)).toBe('is not of this file');
    expect(signatureDefect(TEXT, key, SIGNATURE.replace('7rsXh', '7rsXi'))).toBe(
      'is not of this file',
    );
    expect(signatureDefect(TEXT, key, SIGNATURE.replace(': trusted', ': other'))).toBe(
      'has another comment than was signed',
    );
    expect(signatureDefect(TEXT, key, 'x')).toBe('is not in the form of minisign');
    const other = { ...key, number: Buffer.alloc(8) };
    expect(signatureDefect(TEXT, other, SIGNATURE)).toBe('was made with another key');
  });

  test('has no other keys: with a password, damaged, or of another kind', () => {
    const bytes = Buffer.from(SECRET, 'base64');
    const withPassword = Buffer.from(bytes);
    withPassword.write('Sc', 2, 'latin1');
    const damaged = Buffer.from(bytes);
    damaged[70] = 1;
    for (const key of [withPassword.toString('base64'), damaged.toString('base64'), PUBLIC, '']) {
      expect(readSecretKey(key)).toBeNull();
    }
    expect(readPublicKey(SECRET)).toBeNull();
  });
});

describe('the commands', () => {
  let database: TestDatabase;
  let rules: TemporaryFolder;
  let config: string;
  let out: string;

  async function configure(signature: object): Promise<void> {
    const text = await configurationFile({
      database: { url: database.url },
      reporting_currency: 'USD',
      accounts: [
        {
          id: 'test-account',
          provider: 'fluence',
          base_url: 'http://127.0.0.1:9',
          credentials: { api_key: 'k-not-used' },
        },
      ],
      exports: { signature },
    });
    await copyFile(text, config);
  }

  const run = (...argv: string[]): Promise<CliResult> =>
    cli(['--config', config, '--now', '2026-11-04T00:00:00Z', 'chargeback', ...argv], {
      SIGNING_KEY: SECRET,
    });
  const write = (month: string, ...argv: string[]): Promise<CliResult> =>
    run('--month', month, '--out', out, '--format', 'csv', ...argv);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the configuration
  const SIGNS = { secret_key: '${SIGNING_KEY}', public_key: PUBLIC };
  const inOut = (month: string, name: string): string =>
    path.join(out, `chargeback-${month}-manifest.json${name}`);

  beforeAll(async () => {
    database = await createTestDatabase();
    rules = await createFolder();
    await plantHandBooks(database.pool, rules.path);
  });

  afterAll(async () => {
    await database?.close();
    await rules?.remove();
  });

  beforeEach(async () => {
    config = await configurationFile('');
    out = path.join(path.dirname(config), 'out');
    await configure(SIGNS);
    for (const month of ['2026-09', '2026-10']) expect((await write(month)).exitCode).toBe(0);
  });

  test('sign each manifest, check it, and say nothing of the key', async () => {
    const verified = await run('verify', out);
    expect(verified).toMatchObject({
      exitCode: 0,
      stdout: '2026-09, 2026-10: files, chain, signatures and amounts are as sealed\n',
    });
    const texts = await Promise.all(
      (await readdir(out)).map((name) => readFile(path.join(out, name), 'utf8')),
    );
    const seed = Buffer.from(SECRET, 'base64').subarray(62, 94);
    const json = await cli(
      ['--config', config, '--json', '--log-level', 'debug', 'chargeback', 'verify', out],
      {
        SIGNING_KEY: SECRET,
      },
    );
    for (const text of [...texts, json.stdout, json.stderr]) {
      expect(text).not.toContain(SECRET.slice(60, 160));
      expect(text).not.toContain(seed.toString('base64').slice(0, 20));
    }
    await appendFile(inOut('2026-10', ''), ' ');
    await rm(inOut('2026-09', '.minisig'));
    const { exitCode, stdout } = await run('verify', out);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('chargeback-2026-10-manifest.json.minisig is not of this file');
    expect(stdout).toContain('chargeback-2026-09-manifest.json.minisig is missing');
  });

  test('check by a key on the command line only when it is given', async () => {
    await configure({});
    await rm(inOut('2026-09', '.minisig'));
    expect((await run('verify', out)).exitCode).toBe(0);
    const { exitCode, stdout } = await run('verify', out, '--public-key', PUBLIC);
    expect([exitCode, stdout.includes('signature')]).toEqual([1, true]);
    expect((await run('verify', out, '--public-key', 'x')).stderr).toBe(
      'error: --public-key: expected a minisign public key, such as RWQ…\n',
    );
  });

  test('keep the signature when the chain is renewed, and leave none that is out of date', async () => {
    expect((await write('2026-09', '--decimal', ',')).stdout).toContain(
      '2026-10: the manifest names another',
    );
    await configure({});
    expect((await run('verify', out, '--renew')).stderr).toBe(
      'error: the manifest of 2026-10 is signed: set exports.signature.secret_key to renew the chain\n',
    );
    await configure(SIGNS);
    expect((await run('verify', out, '--renew')).exitCode).toBe(0);
    await configure({});
    await write('2026-10');
    expect(await readdir(out)).not.toContain('chargeback-2026-10-manifest.json.minisig');
  });

  test('refuse a key that stands in the file, without repeating it', async () => {
    await configure({ secret_key: SECRET });
    const { exitCode, stderr } = await write('2026-10');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `exports.signature.secret_key: expected \${NAME} of an environment variable`,
    );
    expect(stderr).not.toContain(SECRET.slice(0, 20));
    await writeFile(config, (await readFile(config, 'utf8')).replace(SECRET, `\${OTHER}`));
    const other = await cli(['--config', config, 'chargeback', 'verify', out], {
      OTHER: 'not-a-key',
    });
    expect(other.stderr).toContain(
      'exports.signature.secret_key: expected a minisign key without a password',
    );
    expect(other.stderr).not.toContain('not-a-key');
  });
});

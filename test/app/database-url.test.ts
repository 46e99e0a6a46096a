/** Goal: no part of a password shows, however its URL is written. Method: the command line's own words. */
import { expect, test } from 'vitest';
import { cli, configurationFile } from '../support/cli.ts';

const MALFORMED = [
  'postgres://bob:12/34secret@127.0.0.1:1/x',
  'postgres://bob:12?34secret@127.0.0.1:1/x',
  'postgres://bob:12#34secret@127.0.0.1:1/x',
  'postgres://bob:p@1/secret@127.0.0.1:1/x',
  'postgres://bob:secret',
  'postgres://bob:se cret/x',
  'postgres://bob:secret%zz@[half/x',
  'postgres://bob:@secret/1@127.0.0.1:1/x',
];

async function status(url: string) {
  const config = await configurationFile({
    database: { url },
    reporting_currency: 'USD',
    accounts: [{ id: 'a', provider: 'fluence', credentials: { api_key: `\${KEY}` } }],
  });
  return cli(['status', '--config', config], { KEY: 'k' });
}

test.each(MALFORMED)('%j is refused without a word of it', async (url) => {
  const { exitCode, stderr } = await status(url);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /^error: database.url cannot be read: expected postgres:\/\/user:password@host:port\/database/,
  );
  expect(stderr).not.toMatch(/secret|bob|12|34/);
});

test('a well-formed URL is named without user and password, and what failed is one line', async () => {
  const { exitCode, stderr } = await status(
    'postgres://bob:s%2Fecret@127.0.0.1:1/x?password=secret',
  );
  expect([exitCode, stderr]).toEqual([
    3,
    'error: cannot reach the database at 127.0.0.1:1/x: connect ECONNREFUSED 127.0.0.1:1; check database.url\n',
  ]);
});

test('a name that does not resolve is one line too', async () => {
  const { exitCode, stderr } = await status('postgres://bob:secret@no-such-host.invalid/x');
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(
    /^error: cannot reach the database at no-such-host.invalid\/x: getaddrinfo E\w+ no-such-host.invalid; check database.url\n$/,
  );
});

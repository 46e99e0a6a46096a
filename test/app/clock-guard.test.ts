/**
 * Goal: a clock that is ahead is refused before it writes, and seen by health and doctor when it has
 * written. Method: the real command line, whose clock is judged by a real server's.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { cli, configurationFile } from '../support/cli.ts';
import { FakeApi } from '../support/fake-api.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';

const MINUTE_MS = 60_000;
const YEAR_MS = 365 * 86_400_000;

let database: TestDatabase;
let config: string;

beforeEach(async () => {
  database = await testDatabase();
  const api = await FakeApi.start();
  api.route('/vms/v2', () => ({ body: [] }));
  api.route('/marketplace/offers', () => ({ body: [] }));
  config = await configurationFile({
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: [
      { id: 'a', provider: 'fluence', base_url: api.baseUrl, credentials: { api_key: 'unused' } },
    ],
  });
  return () => api.close();
});

function at(aheadMs: number, ...argv: string[]) {
  const now = new Date(Date.now() + aheadMs).toISOString();
  return cli([...argv, '--config', config, '--now', now], {}, { isSimulated: false });
}

describe.for([
  ['collect'],
  ['transform'],
  ['close', '--month', '2026-01'],
  ['check'],
  ['waste'],
  ['forecast'],
  ['anomalies'],
  ['rewind', '--to', '2026-01-01T00:00:00Z'],
])('%j with --now a year ahead of the database', (argv) => {
  test('is refused, and writes nothing', async () => {
    const { exitCode, stderr } = await at(YEAR_MS, ...argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("365 d ahead of the database's clock");
    expect(stderr).toContain('with --force it is done');
    const { rows } = await database.pool.query(
      `select (select count(*) from landing.sweep) + (select count(*) from mart.transform_state)
         as count`,
    );
    expect(rows).toEqual([{ count: 0 }]);
  });
});

test('with --force it is done', async () => {
  expect((await at(YEAR_MS, 'collect', '--force')).exitCode).toBe(0);
  expect((await at(YEAR_MS, 'transform', '--force')).exitCode).toBe(0);
});

test('a few minutes are no matter', async () => {
  expect((await at(4 * MINUTE_MS, 'transform')).exitCode).toBe(0);
});

test('health and doctor fail on what was written in the future, and name the way back', async () => {
  await at(YEAR_MS, 'collect', '--force');
  await at(YEAR_MS, 'transform', '--force');
  for (const command of ['health', 'doctor']) {
    const { exitCode, stderr } = await at(0, command);
    expect([command, exitCode]).toEqual([command, 1]);
    expect(stderr).toContain('in the future');
    expect(stderr).toContain('meterhouse rewind --to');
  }
  const lastRight = new Date(Date.now() - MINUTE_MS).toISOString();
  expect((await at(0, 'rewind', '--to', lastRight)).exitCode).toBe(0);
  for (const command of ['health', 'doctor', 'collect', 'transform']) {
    const { exitCode, stderr } = await at(0, command);
    expect([command, exitCode, stderr]).toEqual([command, 0, '']);
  }
});

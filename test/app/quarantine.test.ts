/**
 * Goal: who finds a record in quarantine sees why, and can have it asked for again. Method: a server
 * that lists one broken volume, and then a whole one.
 */
import { expect, onTestFinished, test } from 'vitest';
import { cli, configurationFile } from '../support/cli.ts';
import { FakeApi } from '../support/fake-api.ts';
import { testDatabase } from '../support/postgres.ts';

const NOW = '2026-10-15T12:00:00Z';
const LATER = '2026-10-15T13:00:00Z';

async function bench() {
  const database = await testDatabase();
  const api = await FakeApi.start();
  onTestFinished(() => api.close());
  const list = (size: unknown): void => {
    const volume = { id: 'v-1', size_in_gb: size, status: 'active', rate_hourly: '0.5' };
    const whole = { ...volume, id: 'v-2', size_in_gb: 10 };
    api.route('/api/v1/storage/', () => ({
      body: {
        results: [volume, whole],
        total_result_count: 2,
        has_previous: false,
        has_next: false,
      },
    }));
  };
  const file = await configurationFile({
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: [
      { id: 'vp', provider: 'voltage-park', base_url: api.baseUrl, credentials: { token: 't' } },
    ],
    http: { requests_per_second: 10_000, attempts_max: 1 },
  });
  const run = (now: string, ...argv: string[]) => cli(['--config', file, '--now', now, ...argv]);
  list('many');
  expect((await run(NOW, 'collect', 'voltage_park.storage')).exitCode).toBe(0);
  return { api, list, run };
}

test('each record that waits is listed with its reason, and shown with its payload', async () => {
  const { run } = await bench();
  const { stdout } = await run(NOW, '--json', 'quarantine', 'list');
  const { records } = JSON.parse(stdout) as { records: Record<string, unknown>[] };
  expect(records).toEqual([
    {
      quarantine_id: '1',
      account_id: 'vp',
      stream: 'voltage_park.storage',
      entity: 'voltage_park.storage_volume',
      slice: '',
      record_key: 'v-1',
      reason: 'size_in_gb: Invalid input: expected number, received string',
      first_seen_at: NOW,
      last_seen_at: NOW,
      released_at: null,
    },
  ]);
  const text = (await run(NOW, 'quarantine', 'list')).stdout;
  expect(text).toContain('size_in_gb: Invalid input: expected number, received string');
  const shown = (await run(NOW, 'quarantine', 'show', '1')).stdout;
  expect(shown).toContain('"size_in_gb": "many"');
  expect((await run(NOW, 'quarantine', 'list', '--account', 'other')).stdout).toBe(
    'nothing is in quarantine\n',
  );
});

test('a retry asks only for what waits, and says what still does', async () => {
  const { api, list, run } = await bench();
  api.requests.length = 0;
  const still = await run(LATER, 'quarantine', 'retry');
  expect([still.exitCode, still.stderr]).toEqual([0, '']);
  expect(still.stdout).toContain('0 of 1 records released');
  expect(still.stdout).toContain('size_in_gb');
  expect(api.requests.map(({ path }) => path)).toEqual(['/api/v1/storage/']);
  list(100);
  expect((await run(LATER, 'quarantine', 'retry', '1')).stdout).toBe(
    '1 of 1 records released; `transform` charges what they say\n',
  );
  expect((await run(LATER, 'quarantine', 'list')).stdout).toBe('nothing is in quarantine\n');
  expect((await run(LATER, 'quarantine', 'show', '1')).stdout).toContain(`released_at    ${LATER}`);
});

test('a retry of a provider that does not answer ends with 3', async () => {
  const { api, run } = await bench();
  api.route('/api/v1/storage/', () => ({ status: 500 }));
  const { exitCode, stderr } = await run(LATER, 'quarantine', 'retry');
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('HTTP 500')]);
});

test.each([
  ['show', '7'],
  ['show', 'v-1'],
  ['retry', '7'],
])('an id that does not wait is refused: %s %s', async (command, id) => {
  const { run } = await bench();
  const { exitCode, stderr } = await run(NOW, 'quarantine', command, id);
  expect([exitCode, stderr]).toEqual([
    2,
    `error: no record "${id}" waits in quarantine: \`quarantine list\` names those that do\n`,
  ]);
});

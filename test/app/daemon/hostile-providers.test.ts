/**
 * Goal: no provider stops the meter for another one, and everything recovers when its cause is gone.
 * Method: the real daemon, real sockets, a database of its own, schedules of a few seconds.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { DaemonProcess } from './daemon-process.ts';
import { type Behaviour, HostileProvider } from './hostile-provider.ts';

const INTERVAL_SECONDS = 10;
const EVERY_TEN_SECONDS = `*/${INTERVAL_SECONDS} * * * * *`;
const HOSTILE: readonly Behaviour[] = ['hangs', 'asks for a year', 'refuses', 'answers HTML'];
/** A minute after the cause is gone, and a moment to see it. */
const RECOVERY = { timeout: 180_000, interval: 1_000 };

vi.setConfig({ testTimeout: 240_000 });

let database: TestDatabase;
let folder: TemporaryFolder;
let daemon: DaemonProcess;
const providers = new Map<string, HostileProvider>();

beforeAll(async () => {
  database = await createTestDatabase();
  providers.set('healthy', await HostileProvider.start('well'));
  for (const behaviour of HOSTILE) {
    providers.set(
      behaviour.replaceAll(' ', '-').toLowerCase(),
      await HostileProvider.start(behaviour),
    );
  }
  folder = await createFolder();
  const file = path.join(folder.path, 'meterhouse.yaml');
  await writeFile(
    file,
    stringify({
      database: { url: database.url },
      reporting_currency: 'USD',
      accounts: [...providers].map(([id, { baseUrl }]) => ({
        id,
        provider: 'fluence',
        base_url: baseUrl,
        credentials: { api_key: `canary-${id}` },
      })),
      schedules: {
        'fluence.vms': EVERY_TEN_SECONDS,
        'fluence.marketplace_offers': EVERY_TEN_SECONDS,
        transform: EVERY_TEN_SECONDS,
      },
      http: { requests_per_second: 100, retry_after_ms_max: 5_000 },
      daemon: { port: 0, probe_seconds_max: 10 },
    }),
  );
  daemon = DaemonProcess.start(file);
});

afterAll(async () => {
  await daemon?.kill();
  for (const provider of providers.values()) await provider.close();
  await database?.close();
  await folder?.remove();
});

async function sweepsOf(account: string) {
  const { rows } = await database.pool.query<{ complete: number; longest_gap: number | null }>(
    `select count(*) filter (where outcome = 'complete')::integer as complete,
       max(gap)::float as longest_gap
     from (
       select outcome, extract(epoch from started_at - lag(started_at) over (
         partition by stream order by started_at
       )) as gap
       from landing.sweep
       where account_id = $1
     ) as sweep`,
    [account],
  );
  return rows[0] ?? { complete: 0, longest_gap: null };
}

async function problems(): Promise<readonly string[]> {
  return (await daemon.healthz()).problems;
}

test('beside four hostile accounts a healthy one is collected and transformed on schedule', async () => {
  await expect
    .poll(async () => (await sweepsOf('healthy')).complete, { timeout: 120_000, interval: 500 })
    .toBeGreaterThan(2 * 5);
  const { longest_gap } = await sweepsOf('healthy');
  expect(longest_gap).toBeLessThanOrEqual(2 * INTERVAL_SECONDS);
  expect(daemon.logged('transformed').length).toBeGreaterThan(3);
  for (const behaviour of HOSTILE) {
    expect(await sweepsOf(behaviour.replaceAll(' ', '-').toLowerCase())).toMatchObject({
      complete: 0,
    });
  }
});

test('health and metrics name exactly the accounts that fail', async () => {
  await expect.poll(async () => (await problems()).length, RECOVERY).toBe(4);
  const { status, loops } = await daemon.healthz();
  expect(status).toBe('degraded');
  const failing = loops.filter(({ state }) => state === 'failing').map(({ name }) => name);
  expect(failing.sort()).toEqual([
    'account answers-html',
    'account asks-for-a-year',
    'account hangs',
    'account refuses',
  ]);
  const metrics = await daemon.metrics();
  expect(metrics).toContain('meterhouse_loop_state{loop="account healthy",state="ok"} 1');
  expect(metrics).toContain('meterhouse_loop_state{loop="account hangs",state="failing"} 1');
  expect(metrics).toContain('meterhouse_database_up 1');
  expect(metrics).toMatch(
    /meterhouse_stream_lag_seconds\{account="healthy",stream="fluence.vms"\} \d/,
  );
});

test('each account recovers within a minute after its provider is well', async () => {
  for (const provider of providers.values()) provider.behaviour = 'well';
  await expect.poll(problems, RECOVERY).toEqual([]);
  for (const account of providers.keys()) {
    expect((await sweepsOf(account)).complete).toBeGreaterThan(0);
  }
});

test('no key shows in the log, which is JSON line by line', () => {
  expect(daemon.log().length).toBeGreaterThan(10);
  expect(JSON.stringify(daemon.log())).not.toContain('canary-');
});

test('SIGTERM ends it in good order while a provider hangs', async () => {
  for (const provider of providers.values()) provider.behaviour = 'hangs';
  const asked = [...providers.values()].map(({ asked }) => asked);
  await expect
    .poll(() => [...providers.values()].every((each, i) => each.asked > (asked[i] ?? 0)), RECOVERY)
    .toBe(true);
  const { exitCode, ms } = await daemon.stop();
  expect(exitCode).toBe(0);
  expect(ms).toBeLessThan(10_000);
  const { rows } = await database.pool.query('select name from mart.daemon_loop');
  expect(rows).toEqual([]);
});

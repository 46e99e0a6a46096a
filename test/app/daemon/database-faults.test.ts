/**
 * Goal: a database that goes away in any manner is come back to by itself. Method: the real daemon
 * behind a TCP proxy to a real server.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { DaemonProcess } from './daemon-process.ts';
import { HostileProvider } from './hostile-provider.ts';
import { TcpProxy } from './tcp-proxy.ts';

const EVERY_FIVE_SECONDS = '*/5 * * * * *';
/** A minute after the cause is gone, and a moment to see it. */
const RECOVERY = { timeout: 180_000, interval: 500 };

vi.setConfig({ testTimeout: 240_000 });

let database: TestDatabase;
let folder: TemporaryFolder;
let provider: HostileProvider;
let proxy: TcpProxy;
let daemon: DaemonProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  provider = await HostileProvider.start('well');
  proxy = await TcpProxy.start(database.url);
  folder = await createFolder();
  const file = path.join(folder.path, 'meterhouse.yaml');
  await writeFile(
    file,
    stringify({
      database: { url: proxy.url },
      reporting_currency: 'USD',
      accounts: [
        {
          id: 'healthy',
          provider: 'fluence',
          base_url: provider.baseUrl,
          credentials: { api_key: 'unused' },
        },
      ],
      schedules: {
        'fluence.vms': EVERY_FIVE_SECONDS,
        'fluence.marketplace_offers': EVERY_FIVE_SECONDS,
        transform: EVERY_FIVE_SECONDS,
      },
      http: { requests_per_second: 100 },
      daemon: { port: 0 },
    }),
  );
  daemon = DaemonProcess.start(file);
});

afterAll(async () => {
  await daemon?.kill();
  await proxy?.close();
  await provider?.close();
  await database?.close();
  await folder?.remove();
});

async function completeSweeps(): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*) as count from landing.sweep where outcome = 'complete'`,
  );
  return rows[0]?.count ?? 0;
}

async function transformedAt(): Promise<number> {
  const { rows } = await database.pool.query<{ clock_at: Date }>(
    'select clock_at from mart.transform_state',
  );
  return rows[0]?.clock_at.getTime() ?? 0;
}

/** Collecting, transforming and health are as they should be, again. */
async function expectRecovery(): Promise<void> {
  const [sweeps, transform] = [await completeSweeps(), await transformedAt()];
  await expect.poll(completeSweeps, RECOVERY).toBeGreaterThan(sweeps + 2);
  await expect.poll(transformedAt, RECOVERY).toBeGreaterThan(transform);
  await expect.poll(async () => (await daemon.healthz()).problems, RECOVERY).toEqual([]);
  expect(await daemon.metrics()).toContain('meterhouse_database_up 1');
}

test('connections that are reset are made again', async () => {
  await expect.poll(completeSweeps, RECOVERY).toBeGreaterThan(2);
  proxy.reset();
  await expectRecovery();
});

test('sessions that the server ends are made again', async () => {
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await expectRecovery();
});

test('a database that refuses is said to be away, and come back to', async () => {
  await proxy.set('refuses');
  await expect.poll(async () => (await daemon.healthz()).status, RECOVERY).toBe('failed');
  expect(await daemon.metrics()).toContain('meterhouse_database_up 0');
  await proxy.set('passes');
  await expectRecovery();
});

test('a database that falls silent is said to be away, and come back to', async () => {
  await proxy.set('is silent');
  await expect.poll(async () => (await daemon.healthz()).status, RECOVERY).toBe('failed');
  await expect
    .poll(() => daemon.logged('the database does not answer').length, RECOVERY)
    .toBeGreaterThan(1);
  await proxy.set('passes');
  await expectRecovery();
});

test('SIGTERM ends it within ten seconds while the database is silent', async () => {
  await proxy.set('is silent');
  await expect.poll(async () => (await daemon.healthz()).status, RECOVERY).toBe('failed');
  const { exitCode, ms } = await daemon.stop();
  expect(exitCode).toBe(0);
  expect(ms).toBeLessThan(10_000);
});

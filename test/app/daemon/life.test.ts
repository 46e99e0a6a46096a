/** Goal: a daemon that is told to read its configuration again, and two that share the work. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { DaemonProcess } from './daemon-process.ts';
import { HostileProvider } from './hostile-provider.ts';

const WAIT = { timeout: 180_000, interval: 500 };

vi.setConfig({ testTimeout: 240_000 });

let database: TestDatabase;
let folder: TemporaryFolder;
/** One per account, each another customer. */
const providers = new Map<string, HostileProvider>();
let file: string;
const daemons: DaemonProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  for (const id of ['first', 'second']) providers.set(id, await HostileProvider.start('well'));
  folder = await createFolder();
  file = path.join(folder.path, 'meterhouse.yaml');
  await writeFile(file, stringify(configuration(['first'])));
});

afterAll(async () => {
  for (const daemon of daemons) await daemon.kill();
  for (const provider of providers.values()) await provider.close();
  await database?.close();
  await folder?.remove();
});

function configuration(accounts: readonly string[], databaseUrl = database.url) {
  return {
    database: { url: databaseUrl },
    reporting_currency: 'USD',
    accounts: accounts.map((id) => ({
      id,
      provider: 'fluence',
      base_url: providers.get(id)?.baseUrl,
      credentials: { api_key: `unused-${id}` },
    })),
    schedules: { 'fluence.vms': '*/10 * * * * *', transform: '*/10 * * * * *' },
    http: { requests_per_second: 100 },
    daemon: { port: 0 },
  };
}

function startDaemon(): DaemonProcess {
  const daemon = DaemonProcess.start(file);
  daemons.push(daemon);
  return daemon;
}

async function sweeps(account: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*) as count from landing.sweep
     where account_id = $1 and stream = 'fluence.vms' and outcome = 'complete'`,
    [account],
  );
  return rows[0]?.count ?? 0;
}

test('SIGHUP refuses a configuration with defects in words, and goes on by the former one', async () => {
  const daemon = startDaemon();
  await expect.poll(() => sweeps('first'), WAIT).toBeGreaterThan(0);
  await writeFile(file, stringify({ ...configuration(['first']), reporting_currency: 'dollars' }));
  daemon.signal('SIGHUP');
  await expect.poll(() => daemon.logged('the configuration is refused').length, WAIT).toBe(1);
  expect(JSON.stringify(daemon.logged('the configuration is refused'))).toContain(
    'expected a currency code such as USD',
  );
  const elsewhere = database.url.replace(/\/[^/]*$/, '/another');
  await writeFile(file, stringify(configuration(['first'], elsewhere)));
  daemon.signal('SIGHUP');
  await expect
    .poll(() => daemon.logged('database changed: restart the daemon for that').length, WAIT)
    .toBe(1);
  const former = await sweeps('first');
  await expect.poll(() => sweeps('first'), WAIT).toBeGreaterThan(former);
});

test('SIGHUP goes on by a new configuration', async () => {
  const [daemon] = daemons;
  await writeFile(file, stringify(configuration(['second'])));
  daemon?.signal('SIGHUP');
  await expect.poll(() => sweeps('second'), WAIT).toBeGreaterThan(0);
  expect((await daemon?.healthz())?.loops.map(({ name }) => name)).toEqual([
    'account second',
    'transform',
    'reports',
  ]);
});

test('a reference file with defects is named, and transforms go on by the former one', async () => {
  const [daemon] = daemons;
  const rates = path.join(folder.path, 'rates.csv');
  const header =
    'provider,account,sku,region,contract_id,unit,unit_price,list_unit_price,currency,valid_from,valid_to';
  await writeFile(rates, `${header}\n`);
  await writeFile(
    file,
    stringify({ ...configuration(['second']), reference: { rates: ['rates.csv'] } }),
  );
  daemon?.signal('SIGHUP');
  await expect.poll(() => daemon?.logged('read again').length, WAIT).toBe(2);
  await writeFile(rates, `${header}\ni3d-flexvm,,vm.small,nlrtm1,,Hours,dear,,EUR,2026-01-01,\n`);
  const problems = async () => (await daemon?.healthz())?.problems.join() ?? '';
  await expect.poll(problems, WAIT).toContain('rates.csv:2: unit_price must be a plain decimal');
  const former = daemon?.logged('transformed').length ?? 0;
  await expect.poll(() => daemon?.logged('transformed').length, WAIT).toBeGreaterThan(former);
  expect((await daemon?.healthz())?.status).toBe('degraded');
  await writeFile(rates, `${header}\n`);
  await expect.poll(problems, WAIT).toBe('');
});

test('two daemons share the work: each instant of a schedule is collected once', async () => {
  const second = startDaemon();
  await expect.poll(() => second.logged('transformed').length, WAIT).toBeGreaterThan(0);
  const former = await sweeps('second');
  await expect.poll(() => sweeps('second'), WAIT).toBeGreaterThan(former + 3);
  const { rows } = await database.pool.query(
    `select date_bin('10 seconds', started_at, 'epoch') as instant, count(*) as sweeps
     from landing.sweep
     where account_id = 'second' and stream = 'fluence.vms'
     group by instant
     having count(*) > 1`,
  );
  // The one that catches up at its start may come in beside the schedule's.
  expect(rows.length).toBeLessThanOrEqual(1);
  for (const daemon of daemons) expect((await daemon.healthz()).status).toBe('ok');
});

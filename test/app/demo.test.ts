/**
 * Goal: a demo empties nothing but a demo, writes no password, and keeps books as a customer would.
 * Method: the parts of the command, each on a real database; the command itself is `npm run demo`.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fixedClock, SteppedClock } from '../../app/clock.ts';
import { parseConfiguration, readConfiguration } from '../../app/config.ts';
import { Bookkeeping } from '../../app/demo/bookkeeping.ts';
import {
  DEMO_ACCOUNTS,
  DEMO_METRICS_ACCOUNT,
  writeDemoFolder,
} from '../../app/demo/demo-folder.ts';
import { emptyWarehouse } from '../../app/demo/empty-warehouse.ts';
import { keepTime } from '../../app/demo/keep-time.ts';
import { silentLogger } from '../../app/log.ts';
import { readConfiguredBudgets } from '../../app/notify/watch-budgets.ts';
import { Pipeline } from '../../app/pipeline.ts';
import { startSimulation } from '../../simulator/simulation.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { temporaryFolder } from '../support/cli.ts';
import { createPlantedProduct, plant, transformAt } from '../support/planted-product.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';
import { dailyCharges } from '../transforms/forecast/warehouse.ts';

const ACCOUNTS = [...Object.values(DEMO_ACCOUNTS), DEMO_METRICS_ACCOUNT];

async function schemasOf({ pool }: TestDatabase): Promise<string[]> {
  const { rows } = await pool.query<{ nspname: string }>(
    `select nspname from pg_namespace where nspname !~ '^pg_' order by nspname`,
  );
  return rows.map((row) => row.nspname);
}

async function collected({ pool }: TestDatabase, account: string): Promise<void> {
  await pool.query(
    `insert into landing.watermark
     values ($1, 'fluence.vms', '', '2026-10-01Z', 1, '\\x00', 0)`,
    [account],
  );
}

test('a demo’s database is emptied whole', async () => {
  const database = await testDatabase();
  await collected(database, DEMO_ACCOUNTS.fluence);
  await emptyWarehouse(database.url, ACCOUNTS);
  expect(await schemasOf(database)).toEqual(['information_schema', 'public']);
  await emptyWarehouse(database.url, ACCOUNTS); // nothing is left to be emptied
});

test('somebody’s books are not emptied', async () => {
  const database = await testDatabase();
  await collected(database, 'our-account');
  const before = await schemasOf(database);
  await expect(emptyWarehouse(database.url, ACCOUNTS)).rejects.toThrow(
    /holds the account our-account that is not the demo's/,
  );
  expect(await schemasOf(database)).toEqual(before);
});

test('nor is a schema that only has a name of ours', async () => {
  const database = await testDatabase();
  await emptyWarehouse(database.url, ACCOUNTS);
  await database.pool.query('create schema mart; create table mart.theirs (id int)');
  await expect(emptyWarehouse(database.url, ACCOUNTS)).rejects.toThrow(/holds a schema mart/);
});

test('the demo’s folder holds a whole configuration, and no password', async () => {
  const simulation = await startSimulation({
    seed: 'folder',
    startMs: Date.UTC(2026, 7, 1),
    endMs: Date.UTC(2026, 7, 2),
    scale: 0.1,
    firstPort: 0,
  });
  await simulation.close();
  const folder = await temporaryFolder();
  const environment = {
    DEMO_URL: 'postgres://someone@localhost/demo',
    DEMO_READER: 'sixteen-letters-at-least',
  };
  const file = await writeDemoFolder(folder, simulation, {
    urlVariable: 'DEMO_URL',
    readerPasswordVariable: 'DEMO_READER',
  });
  const configuration = parseConfiguration(await readFile(file, 'utf8'), file, environment);
  expect(configuration.database).toEqual({ kind: 'url', url: environment.DEMO_URL });
  expect(configuration.readerPassword).toBe(environment.DEMO_READER);
  expect(configuration.accounts.map(({ id }) => id)).toEqual(ACCOUNTS);
  expect((await readConfiguredBudgets(configuration)).length).toBeGreaterThan(5);
  const text = await readFile(file, 'utf8');
  for (const secret of Object.values(environment)) expect(text).not.toContain(secret);

  const embedded = await readConfiguration(await writeDemoFolder(folder, simulation), {});
  expect(embedded.database).toEqual({ kind: 'embedded', folder: path.join(folder, 'postgres') });
});

test('a live world catches up with the clock, and keeps its speed from where it stood', async () => {
  const stop = new AbortController();
  const clock = new SteppedClock(Date.UTC(2026, 7, 1));
  const context = { clock, signal: stop.signal };
  const [live, hurried] = [new VirtualClock(clock.nowMs()), new VirtualClock(clock.nowMs())];
  // Living through the days took ten minutes, in which the world stood still.
  clock.set(Date.UTC(2026, 7, 1, 0, 10));
  const kept = Promise.all([keepTime(live, context, 1), keepTime(hurried, context, 60)]);
  stop.abort();
  await kept;
  expect(live.nowMs).toBe(Date.UTC(2026, 7, 1, 0, 10));
  expect(hurried.nowMs).toBe(Date.UTC(2026, 7, 1, 10));
});

test('months are closed in order, each when the one after it is over for four days', async () => {
  const database = await testDatabase();
  await createPlantedProduct(database.pool);
  await plant(database.pool, dailyCharges('a', '2026-07-30', '2026-10-03'));
  await transformAt(database.pool, '2026-10-03T00:00:00Z');
  const configuration = parseConfiguration(
    JSON.stringify({
      database: { url: database.url },
      reporting_currency: 'USD',
      accounts: [
        {
          id: 'test-account',
          provider: 'fluence',
          base_url: 'http://127.0.0.1:9',
          credentials: { api_key: 'unused' },
        },
      ],
    }),
    'meterhouse.yaml',
    {},
  );
  const closedAt = async (now: string): Promise<string[]> => {
    const nowMs = Date.parse(now);
    const pipeline = await Pipeline.open(
      configuration,
      fixedClock(nowMs, { isSimulated: true }),
      silentLogger,
    );
    try {
      await new Bookkeeping(pipeline, silentLogger).endDay(nowMs);
    } finally {
      await pipeline.close();
    }
    const { rows } = await database.pool.query<{ month: string }>(
      `select to_char(month, 'YYYY-MM') as month from ledger.closed_month order by month`,
    );
    return rows.map((row) => row.month);
  };
  expect(await closedAt('2026-10-04T00:30:00Z')).toEqual(['2026-07']);
  expect(await closedAt('2026-10-05T00:30:00Z')).toEqual(['2026-07', '2026-08']);
});

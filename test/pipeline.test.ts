/**
 * Goal: the whole way from the providers' APIs to the chargeback files is exact, repeatable and
 * conserves every amount. Method: simulated providers over real HTTP, the demo's own life loop, and
 * the simulator's invoices as the second opinion.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SteppedClock } from '../app/clock.ts';
import { readConfiguration } from '../app/config.ts';
import { agreementByService, unexplainedLines } from '../app/demo/agreement.ts';
import { writeDemoFolder } from '../app/demo/demo-folder.ts';
import { liveThrough } from '../app/demo/live-through.ts';
import { allStreams } from '../app/due-streams.ts';
import { Knowledge } from '../app/knowledge.ts';
import { silentLogger } from '../app/log.ts';
import { Pipeline } from '../app/pipeline.ts';
import { writeChargeback } from '../exports/chargeback/write-chargeback.ts';
import { monthRange } from '../foundation/months.ts';
import { type Simulation, startSimulation } from '../simulator/simulation.ts';
import { createFolder, type TemporaryFolder } from './support/folder.ts';
import { createTestDatabase, type TestDatabase } from './support/postgres.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 7, 20);
const END_MS = START_MS + 16 * DAY_MS; // over a month's end

let simulation: Simulation;
let database: TestDatabase;
let folder: TemporaryFolder;
let pipeline: Pipeline;
const clock = new SteppedClock(START_MS);
const signal = new AbortController().signal;

beforeAll(async () => {
  simulation = await startSimulation({
    seed: 'pipeline',
    startMs: START_MS,
    endMs: END_MS + DAY_MS,
    scale: 0.3,
    firstPort: 0,
  });
  database = await createTestDatabase();
  folder = await createFolder();
  const configuration = await readConfiguration(await writeDemoFolder(folder.path, simulation), {});
  pipeline = await Pipeline.open(
    { ...configuration, database: { kind: 'url', url: database.url } },
    clock,
    silentLogger,
  );
  await liveThrough({
    pipeline,
    clock,
    advanceWorld: (toMs) => simulation.clock.advanceTo(toMs),
    fromMs: START_MS,
    toMs: END_MS,
    transformSchedule: '30 0,12 * * *',
    signal,
    onStep: () => undefined,
  });
});

afterAll(async () => {
  await pipeline?.close();
  await simulation?.close();
  await database?.close();
  await folder?.remove();
});

/** Every row of the relations that hold facts, as one hash each. */
async function contents(): Promise<Record<string, string>> {
  const relations = [
    'landing.version',
    'ledger.charge',
    'ledger.wallet_movement',
    'mart.accrual',
    'mart.fct_cost_daily',
    'mart.dim_resource',
  ];
  const hashes: Record<string, string> = {};
  for (const relation of relations) {
    const { rows } = await database.pool.query<{ text: string }>(
      `select string_agg(row::text, '|' order by row::text) as text from ${relation} as row`,
    );
    hashes[relation] = createHash('sha256')
      .update(rows[0]?.text ?? '')
      .digest('hex');
  }
  return hashes;
}

test('every provider\u2019s invoice is met to the last unit, or within the declared uncertainty', async () => {
  const invoice = simulation.invoice();
  expect(await unexplainedLines(database.pool, invoice, 5)).toEqual([]);
  const agreement = await agreementByService(database.pool, invoice);
  expect(agreement.map((row) => row.service).sort()).toEqual([
    'fluence',
    'i3d-flexmetal',
    'i3d-flexvm',
    'openmetal',
    'voltage-park',
  ]);
  for (const row of agreement) expect(row.lines_equal).toBeGreaterThan(3);
});

test('nothing is in quarantine, and no sweep failed', async () => {
  const { rows } = await database.pool.query(
    `select entity, reason from landing.quarantine
     union all
     select stream, error from landing.sweep where outcome = 'failed'`,
  );
  expect(rows).toEqual([]);
});

test('twice is once: collecting and transforming again at the same instant changes no row', async () => {
  const before = await contents();
  await pipeline.collector.collect(allStreams(pipeline.configuration), { signal });
  const result = await pipeline.transform();
  expect(result).toMatchObject({ chargesPosted: 0, chargesReversed: 0, accrualsWritten: 0 });
  expect(await contents()).toEqual(before);
});

test('a full look at every resource finds nothing that the incremental runs missed', async () => {
  const result = await pipeline.transform({ isFull: true });
  expect(result).toMatchObject({ chargesPosted: 0, chargesReversed: 0, accrualsWritten: 0 });
});

/**
 * What the ledger comes to, without when and in which order it was entered, and without which of
 * the provider's equal answers it rests on: a rebuild reads the last of them.
 */
async function ledgerState(): Promise<string> {
  const { rows } = await database.pool.query<{ text: string }>(
    `select string_agg(row::text, '|' order by row::text) as text
     from (
       select account_id, charge_key, resource_id, meter, charge_period_start, charge_period_end,
         quantity, unit_price, billed_cost, reporting_cost, uncertainty, basis,
         regexp_replace(price_source, '^api:\\d+$', 'api:') as price_source
       from intermediate.known_charge
     ) as row`,
  );
  return createHash('sha256')
    .update(rows[0]?.text ?? '')
    .digest('hex');
}

async function exported(month: string): Promise<string[]> {
  const knowledge = await Knowledge.of(null, monthRange(month));
  const { files } = await writeChargeback(database.pool, {
    month,
    resolve: (text: string) => knowledge.resolve(text),
    reportingCurrency: 'USD',
    folder: path.join(folder.path, 'rebuilt'),
  });
  return files.map((file) => file.sha256);
}

describe('rebuild', () => {
  test.each([false, true])(
    'gives the same ledger, marts and files (history dropped: %s)',
    async (discardsHistory) => {
      const before = {
        state: await ledgerState(),
        files: [await exported('2026-08'), await exported('2026-09')],
        facts: (await contents())['mart.fct_cost_daily'],
      };
      const result = await pipeline.rebuild(discardsHistory);
      expect(result.chargesReversed).toBe(0);
      expect(result.chargesPosted > 0).toBe(discardsHistory);
      expect({
        state: await ledgerState(),
        files: [await exported('2026-08'), await exported('2026-09')],
        facts: (await contents())['mart.fct_cost_daily'],
      }).toEqual(before);
    },
  );
});

describe('conservation', () => {
  test('the daily facts add up to ledger and accrual per account and currency', async () => {
    const { rows } = await database.pool.query(
      `with known as (
         select account_id, billing_currency, billed_cost, usage_hours from ledger.charge
         union all
         select account_id, billing_currency, billed_cost, usage_hours from mart.accrual
       ),
       expected as (
         select account_id, billing_currency, sum(billed_cost) as billed, sum(usage_hours) as hours
         from known group by account_id, billing_currency
       ),
       actual as (
         select account_id, billing_currency, sum(billed_cost) as billed, sum(usage_hours) as hours
         from mart.fct_cost_daily group by account_id, billing_currency
       )
       select expected.billed = actual.billed and expected.hours = actual.hours as is_equal
       from expected full join actual using (account_id, billing_currency)`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(rows.every((row) => row.is_equal === true)).toBe(true);
  });

  test('chargeback files hold the month\u2019s facts, and are the same bytes twice', async () => {
    const knowledge = await Knowledge.of(null, monthRange('2026-08'));
    const options = {
      month: '2026-08',
      resolve: (text: string) => knowledge.resolve(text),
      reportingCurrency: 'USD',
      folder: path.join(folder.path, 'chargeback'),
    };
    const first = await writeChargeback(database.pool, options);
    const second = await writeChargeback(database.pool, options);
    expect(second.files.map((file) => file.sha256)).toEqual(first.files.map((file) => file.sha256));
    const { rows } = await database.pool.query(
      `select trim_scale(sum(billed_cost)) as billed from mart.fct_cost_daily
       where cost_date >= '2026-08-01' and cost_date < '2026-09-01' group by billing_currency
       order by billing_currency`,
    );
    expect(first.totals.map((total) => total.billed_cost)).toEqual(rows.map((row) => row.billed));
    const lines = await readFile(first.files[0]?.file ?? '', 'utf8');
    expect(lines.trim().split('\n')).toHaveLength((first.files[0]?.rows ?? 0) + 1);
  });
});

test('no secret of the providers reaches the database', async () => {
  const tables = ['landing.version', 'landing.sweep', 'landing.quarantine', 'mart.dim_resource'];
  for (const table of tables) {
    const { rows } = await database.pool.query(
      `select 1 from ${table} as row where row::text ~ 'SIMULATED-(KUBECONFIG-)?SECRET|simulated-[a-z-]+-(key|token|secret)'`,
    );
    expect(rows).toEqual([]);
  }
});

/**
 * Goal: an honest provider is met line by line, also between two readings of its report, and one
 * that charges a machine 0.5 % too much is found by that machine's name. Method: a simulated
 * organisation over real HTTP, inventory every two hours and the report every six over a month's end.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SteppedClock } from '../../../app/clock.ts';
import { readConfiguration } from '../../../app/config.ts';
import { unexplainedLines } from '../../../app/demo/agreement.ts';
import { liveThrough } from '../../../app/demo/live-through.ts';
import { allStreams } from '../../../app/due-streams.ts';
import { silentLogger } from '../../../app/log.ts';
import { Pipeline } from '../../../app/pipeline.ts';
import { type RunningServer, serveProvider } from '../../../simulator/http-server.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { SimulatedVoltagePark } from '../../../simulator/voltage-park/voltage-park.ts';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { overbilled } from './overbilled.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 7, 30);
const END_MS = START_MS + 3 * 24 * HOUR_MS;
const INVENTORY = ['virtual_machines', 'bare_metal', 'storage', 'hourly_rate'];
const signal = new AbortController().signal;

let simulated: SimulatedVoltagePark;
let server: RunningServer;
let database: TestDatabase;
let folder: TemporaryFolder;
let pipeline: Pipeline;
const clock = new SteppedClock(START_MS);
const world = new VirtualClock(START_MS);

beforeAll(async () => {
  simulated = new SimulatedVoltagePark(
    { seed: 'days', startMs: START_MS, endMs: END_MS + 48 * HOUR_MS, scale: 1, clock: world },
    { token: 'test-token' },
  );
  server = await serveProvider(simulated, 0);
  database = await createTestDatabase();
  folder = await createFolder();
  pipeline = await Pipeline.open(
    {
      ...(await readConfiguration(await configurationFile(), {})),
      database: { kind: 'url', url: database.url },
    },
    clock,
    silentLogger,
  );
  await liveThrough({
    pipeline,
    clock,
    advanceWorld: (toMs) => world.advanceTo(toMs),
    fromMs: START_MS,
    toMs: END_MS,
    transformSchedule: '30 */12 * * *',
    signal,
    onStep: () => undefined,
  });
});

afterAll(async () => {
  await pipeline?.close();
  await server?.close();
  await database?.close();
  await folder?.remove();
});

async function configurationFile(): Promise<string> {
  const file = path.join(folder.path, 'meterhouse.yaml');
  const schedules = INVENTORY.map((stream) => `  voltage_park.${stream}: '5 */2 * * *'`);
  await writeFile(
    file,
    `database: { folder: postgres }
reporting_currency: USD
accounts:
  - id: voltage-main
    provider: voltage-park
    base_url: ${server.url}
    credentials: { token: test-token }
schedules:
${schedules.join('\n')}
http: { requests_per_second: 100000 }
`,
  );
  return file;
}

/** `<month> <source> <line> <class>` of the proofs that fail. */
async function failures(): Promise<string[]> {
  const { rows } = await database.pool.query<{ failure: string }>(
    `select concat_ws(' ', to_char(month, 'YYYY-MM'), source, line, class) as failure
     from mart.rpt_reconciliation_line
     where is_proof and class not in ('matched', 'rounding', 'timing', 'uncertainty')
     order by failure`,
  );
  return rows.map((row) => row.failure);
}

test('every line of an honest provider agrees', async () => {
  expect(await failures()).toEqual([]);
  const { rows } = await database.pool.query(
    `select source, count(*) filter (where class in ('matched', 'rounding')) > 1 as "isMet",
       bool_and(is_final) as "isFinal"
     from mart.rpt_reconciliation_line group by source order by source`,
  );
  expect(rows).toEqual([
    { source: 'balance', isMet: true, isFinal: true },
    { source: 'hourly rate', isMet: true, isFinal: true },
    { source: 'transaction log', isMet: true, isFinal: true },
    { source: 'transactions', isMet: true, isFinal: true },
  ]);
});

test('hours after the report was read, the running cost is within what it declares', async () => {
  const laterMs = END_MS + 5 * HOUR_MS;
  world.advanceTo(laterMs);
  clock.set(laterMs);
  const inventory = allStreams(pipeline.configuration).filter(({ stream }) =>
    INVENTORY.includes(stream.id.replace('voltage_park.', '')),
  );
  await pipeline.collector.collect(inventory, { signal });
  await pipeline.transform();
  expect(await unexplainedLines(database.pool, simulated.invoice(), 5)).toEqual([]);
  const { rows } = await database.pool.query(
    `select count(distinct resource_id) > 20 as "areMany", sum(billed_cost) > 1000 as "isMuch"
     from mart.accrual where basis = 'derived'`,
  );
  expect(rows).toEqual([{ areMany: true, isMuch: true }]);
  expect(await failures()).toEqual([]);
  expect(await pipeline.transform({ isFull: true })).toMatchObject({ accrualsWritten: 0 });
  await pipeline.collector.collect(allStreams(pipeline.configuration), { signal });
  await pipeline.transform();
  const { rows: left } = await database.pool.query(
    `select 1 from mart.accrual where basis = 'derived'`,
  );
  expect(left).toEqual([]);
});

test('half a percent too much on one machine is found and named', async () => {
  const machineId = await overbilled(database.pool, '2026-09', '1.005', clock.nowMs());
  await pipeline.transform();
  expect(await failures()).toEqual([`2026-09 hourly rate ${machineId} price`]);
});

/**
 * Goal: a clock that was once a year ahead leaves nothing behind that a person would have to mend.
 * Method: two warehouses look at the same simulated providers at the same instants; one of them also
 * collects and transforms a year ahead, and is rewound.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { writeDemoFolder } from '../../app/demo/demo-folder.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { cli } from '../support/cli.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const START_MS = Date.UTC(2026, 8, 27);
const FIRST = '2026-09-28T06:00:00Z';
const LAST_RIGHT = '2026-09-30T06:00:00Z';
const AHEAD = '2027-09-30T06:00:00Z';
const AGAIN = '2026-10-01T06:00:00Z';
const LATER = '2026-10-03T06:00:00Z';

interface Warehouse {
  readonly database: TestDatabase;
  readonly config: string;
}

let simulation: Simulation;
let folder: TemporaryFolder;
let rewound: Warehouse;
let twin: Warehouse;

beforeAll(async () => {
  simulation = await startSimulation({
    seed: 'rewind',
    startMs: START_MS,
    endMs: START_MS + 10 * 86_400_000,
    scale: 0.2,
    firstPort: 0,
  });
  folder = await createFolder();
  [rewound, twin] = [await warehouse('rewound'), await warehouse('twin')];
  for (const now of [FIRST, LAST_RIGHT]) await look([rewound, twin], now);
  await run(rewound, AHEAD, 'collect');
  await run(rewound, AHEAD, 'transform');
});

afterAll(async () => {
  await simulation?.close();
  await rewound?.database.close();
  await twin?.database.close();
  await folder?.remove();
});

async function warehouse(name: string): Promise<Warehouse> {
  const database = await createTestDatabase();
  const config = await writeDemoFolder(path.join(folder.path, name), simulation);
  const demo = parse(await readFile(config, 'utf8'));
  await writeFile(config, stringify({ ...demo, database: { url: database.url } }));
  return { database, config };
}

async function look(warehouses: readonly Warehouse[], now: string): Promise<void> {
  simulation.clock.advanceTo(Date.parse(now));
  for (const each of warehouses) {
    for (const command of ['collect', 'transform']) {
      const { exitCode, stderr } = await run(each, now, command);
      expect([command, exitCode, stderr]).toEqual([command, 0, '']);
    }
  }
}

function run({ config }: Warehouse, now: string, ...argv: string[]) {
  return cli([...argv, '--config', config, '--now', now]);
}

/** What people see: charges, daily costs by owner, resources, and what the providers say now. */
async function facts({ database }: Warehouse): Promise<unknown> {
  const rowsOf = async (text: string) => (await database.pool.query(text)).rows;
  return {
    charges: await rowsOf(
      `select account_id, charge_key, billed_cost, reporting_cost, uncertainty, charge_id is null as is_accrual
       from intermediate.known_charge order by account_id, charge_key`,
    ),
    costs: await rowsOf(
      `select account_id, resource_id, meter, cost_date, statement_month, team, billed_cost,
         reporting_cost, accrued_cost
       from mart.rpt_cost_owned_daily
       order by account_id, resource_id, meter, cost_date, statement_month, team`,
    ),
    resources: await rowsOf(
      `select account_id, resource_id, valid_from, valid_to, status, name from mart.dim_resource
       order by account_id, resource_id, valid_from`,
    ),
    versions: await rowsOf(
      `select account_id, entity, slice, record_key, payload, seen_from, seen_to, ended_at
       from landing.version where entity not like 'withdrawn %'
       order by account_id, entity, slice, record_key, seen_from`,
    ),
    watermarks: await rowsOf(
      `select account_id, stream, slice, complete_at, records from landing.watermark
       order by account_id, stream, slice`,
    ),
  };
}

test('a year ahead keeps the present out, and the error names the way back', async () => {
  const { exitCode, stderr } = await run(rewound, AGAIN, 'transform');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('meterhouse rewind --to');
});

test('rewind reverses on record, and names what it did', async () => {
  simulation.clock.advanceTo(Date.parse(AGAIN));
  const before = await rewound.database.pool.query(
    'select count(*)::integer as count from ledger.charge',
  );
  const done = await run(rewound, AGAIN, 'rewind', '--to', LAST_RIGHT, '--json');
  expect([done.exitCode, done.stderr]).toEqual([0, '']);
  const result = JSON.parse(done.stdout);
  expect(result).toMatchObject({
    rewound_to: '2026-09-30T06:00:00.000Z',
    former_clock_at: '2027-09-30T06:00:00.000Z',
    closed_months: [],
  });
  expect(result.charges_reversed).toBeGreaterThan(1_000);
  expect(result.sweeps_withdrawn).toBeGreaterThan(20);
  const after = await rewound.database.pool.query(
    `select (select count(*) from ledger.charge where charge_id <= $1)::integer as kept,
       (select count(*) from landing.withdrawn_sweep)::integer as sweeps,
       (select row_to_json(rewind) from ledger.rewind) as record`,
    [before.rows[0].count],
  );
  expect(after.rows[0]).toMatchObject({
    kept: before.rows[0].count,
    sweeps: result.sweeps_withdrawn,
    record: { charges_reversed: result.charges_reversed },
  });
});

test('the product goes on, and comes to what a warehouse that was never ahead has', async () => {
  await look([rewound], AGAIN);
  await look([twin], AGAIN);
  expect(await facts(rewound)).toEqual(await facts(twin));
  await look([rewound, twin], LATER);
  expect(await facts(rewound)).toEqual(await facts(twin));
});

test('reports as of an instant before, between and after are those of the twin', async () => {
  for (const asOf of [LAST_RIGHT, '2026-09-30T18:00:00Z', AGAIN, '2026-10-02T00:00:00Z', LATER]) {
    const ask = async (each: Warehouse) =>
      JSON.parse(
        (await run(each, LATER, 'status', '--month', '2026-09', '--as-of', asOf, '--json')).stdout,
      );
    expect(await ask(rewound)).toEqual(await ask(twin));
  }
});

test('check and rebuild have nothing to say', async () => {
  const { exitCode, stderr, stdout } = await run(rewound, LATER, 'check');
  expect([exitCode, stderr, exitCode === 0 ? '' : stdout]).toEqual([0, '', '']);
  const rebuilt = await run(rewound, LATER, 'rebuild', '--json');
  expect(JSON.parse(rebuilt.stdout)).toMatchObject({ charges_posted: 0, charges_reversed: 0 });
});

test.for([
  [['rewind', '--to', '2026-10-04T00:00:00Z'], 'is in the future'],
  [['rewind', '--to', LATER], 'nothing was recorded after 2026-10-03T06:00:00.000Z'],
] as const)('%j is refused in words', async ([argv, words]) => {
  const { exitCode, stderr } = await run(rewound, LATER, ...argv);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(words);
});

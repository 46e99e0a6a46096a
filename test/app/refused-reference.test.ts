/**
 * Goal: a reference file that is empty, cut off, half saved or in another encoding changes no price,
 * no team and no budget: what it said before stays in force, and status, check and doctor say so.
 * Method: the real command line on a simulated fleet with prices, teams and budgets; one file at a
 * time is damaged.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { cli, simulatedAccounts } from '../support/cli.ts';
import { createTestDatabase, type TestDatabase, testDatabase } from '../support/postgres.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 7, 1);
const RATE_HEADER =
  'provider,account,sku,region,contract_id,unit,unit_price,list_unit_price,currency,valid_from,valid_to';

const ALLOCATION = `teams: [{ id: web }]
rules:
  - { id: all, match: {}, set: { team: web } }
`;
const BUDGETS = `budgets:
  - { id: everything, scope: total, period: month, amount: 1000 }
`;

let database: TestDatabase;
let config: string;
let simulation: Simulation;
/** Hours since the start; each test goes on where the one before ended. */
let hour = 30;

const fileOf = (name: string): string => path.join(path.dirname(config), name);
const run = (...argv: string[]) =>
  cli([...argv, '--config', config, '--now', new Date(START_MS + hour * HOUR_MS).toISOString()]);

const sinceOf = (hours: number): string =>
  new Date(START_MS + hours * HOUR_MS).toISOString().replace('.000Z', 'Z');

/** What the prices, the exchange rates, the teams and the budgets have made of the costs. */
async function figures(): Promise<unknown> {
  const { rows } = await database.pool.query(
    `select
       (select count(*) from ledger.charge where entry = 'reversal') as reversals,
       (select sum(billed_cost) from mart.rpt_posting) > 0 as has_costs,
       (select count(*) from ledger.charge where reporting_cost is null or unit_price is null) as unknown,
       (select array_agg(distinct team) from mart.resource_ownership) as teams,
       (select array_agg(budget) from reference.budget where superseded_at is null) as budgets`,
  );
  return rows[0];
}

const GOOD = { reversals: 0, has_costs: true, unknown: 0, teams: ['web'], budgets: ['everything'] };

beforeAll(async () => {
  simulation = await startSimulation({
    seed: 'refused-reference',
    startMs: START_MS,
    endMs: START_MS + 48 * HOUR_MS,
    scale: 0.2,
    firstPort: 0,
  });
  database = await createTestDatabase();
  const [i3d] = simulatedAccounts(simulation);
  const configuration = {
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: [i3d],
    http: { requests_per_second: 100_000 },
    reference: {
      rates: ['rates.csv'],
      exchange_rates: ['fx.csv'],
      allocation: 'allocation.yaml',
      budgets: 'budgets.yaml',
    },
  };
  config = path.join(await mkdtemp(path.join(tmpdir(), 'meterhouse-test-')), 'meterhouse.yaml');
  await writeFile(config, stringify(configuration));
  const rates = simulation.rateCard().map((row) => {
    const until = row.validTo === null ? '' : row.validTo.replace(/\.\d+Z$/, 'Z');
    const from = row.validFrom.replace(/\.\d+Z$/, 'Z');
    return `${row.service},,${row.sku},${row.location},${row.contractId},Hours,${row.pricePerHour},,${row.currency},${from},${until}`;
  });
  await writeFile(fileOf('rates.csv'), `${[RATE_HEADER, ...rates].join('\n')}\n`);
  await writeFile(
    fileOf('fx.csv'),
    'base,quote,valid_from,rate,source\nEUR,USD,2026-01-01,1.2,test\n',
  );
  await writeFile(fileOf('allocation.yaml'), ALLOCATION);
  await writeFile(fileOf('budgets.yaml'), BUDGETS);
  simulation.clock.advanceTo(START_MS + hour * HOUR_MS);
  expect((await run('collect')).exitCode).toBe(0);
  expect((await run('transform')).exitCode).toBe(0);
  await run('budgets');
  expect(await figures()).toEqual(GOOD);
});

describe('a damaged reference file leaves what it said before in force', () => {
  test.for([
    ['rates.csv', 'rates', '', 'rates.csv:1: there is no header line'],
    [
      'rates.csv',
      'rates',
      `${RATE_HEADER}\ni3d-flexmetal,,bm7.std.8,EU: Ro`,
      'rates.csv:2: the row has 4',
    ],
    [
      'rates.csv',
      'rates',
      Buffer.from(
        `${RATE_HEADER}\ni3d-flexmetal,,bm7,S\xe3o,,Hours,1,,EUR,2026-01-01,\n`,
        'latin1',
      ),
      'rates.csv:2:21: byte 0xE3 is not UTF-8',
    ],
    ['fx.csv', 'exchange_rates', '', 'fx.csv:1: there is no header line'],
    ['allocation.yaml', 'allocation', '', 'allocation.yaml:1:1: there is nothing in the file'],
    [
      'allocation.yaml',
      'allocation',
      ALLOCATION.slice(0, 30),
      'allocation.yaml:2:7: rules has no value',
    ],
    ['budgets.yaml', 'budgets', '', 'budgets.yaml:1:1: there is nothing in the file'],
    ['budgets.yaml', 'budgets', BUDGETS.slice(0, 40), 'budgets.yaml:'],
  ] as const)('%s (%s): %j', async ([name, kind, content, defect]) => {
    hour += 1;
    const whole = await readFile(fileOf(name));
    await writeFile(fileOf(name), content);
    const transform = await run('transform');
    const budgets = await run('budgets');
    expect([transform.exitCode, budgets.exitCode === 70]).toEqual([0, false]);
    expect(transform.stdout + budgets.stdout).toContain(
      `refused: ${fileOf(name).replace(name, '')}${defect}`,
    );
    expect(await figures()).toEqual(GOOD);

    const status = await run('status');
    expect(status.stdout).toMatch(
      new RegExp(`The ${kind.replace('_', ' ')} files are refused since ${sinceOf(hour)}`),
    );
    if (name !== 'budgets.yaml' || content !== '') return mend(name, whole);
    const check = await run('check');
    expect(check.stdout).toContain('every reference file is valid');
    const doctor = await run('doctor');
    expect(doctor.exitCode).toBe(2);
    expect(doctor.stderr).toContain(defect);

    return mend(name, whole);
  });
});

/** Writes the whole file again: it is in force at the next transform. */
async function mend(name: string, whole: Buffer): Promise<void> {
  await writeFile(fileOf(name), whole);
  await run('transform');
  await run('budgets');
  expect(await figures()).toEqual(GOOD);
  const { rows } = await database.pool.query(
    `select kind from mart.rpt_reference_file where state <> 'in force'`,
  );
  expect(rows).toEqual([]);
}

afterAll(async () => {
  await simulation.close();
  await database.close();
  await rm(path.dirname(config), { recursive: true });
});

test('a file that holds its header alone is empty on purpose: prices and budgets end', async () => {
  await writeFile(fileOf('rates.csv'), `${RATE_HEADER}\n`);
  await writeFile(fileOf('budgets.yaml'), 'budgets: []\n');
  await run('transform');
  await run('budgets');
  const { rows } = await database.pool.query(
    `select (select count(*) from reference.rate where superseded_at is null) as rates,
       (select count(*) from reference.budget where superseded_at is null) as budgets`,
  );
  expect(rows).toEqual([{ rates: 0, budgets: 0 }]);
});

test('the first transform with damaged files fails with each defect of each of them', async () => {
  const fresh = await testDatabase();
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace(database.url, fresh.url));
  await writeFile(
    fileOf('rates.csv'),
    `${RATE_HEADER}\ni3d-flexmetal,,a,b,,Hours,x,,EUR,2026-02-29,\n`,
  );
  await writeFile(fileOf('fx.csv'), '');
  await writeFile(fileOf('allocation.yaml'), 'teams: [{ id: a }, { id: a }]\nrules: []\n');
  const { exitCode, stderr } = await run('transform');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('rates.csv:2: unit_price must be a plain decimal such as 0.125');
  expect(stderr).toContain('rates.csv:2: valid_from 2026-02-29 is not a date that exists');
  expect(stderr).toContain('fx.csv:1: there is no header line');
  expect(stderr).toContain('allocation.yaml:1:26: teams: two of them have the same id "a"');
});

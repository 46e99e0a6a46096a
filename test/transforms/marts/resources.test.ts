/**
 * Goal: the explorer's views tell each resource once as it is now, what it costs a day and in the
 * running month by the transform's clock, what its unit cost when, and whose it was. Method: rows
 * planted where the transform would have put them.
 */
import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { Planted } from '../waste/planted.ts';

let database: TestDatabase;
let connection: pg.PoolClient;
let planted: Planted;

beforeEach(async () => {
  database = await createTestDatabase();
  connection = await database.pool.connect();
  planted = new Planted(connection);
});

afterEach(async () => {
  connection.release();
  await database.close();
});

const rowsOf = async (query: string): Promise<unknown[]> => (await connection.query(query)).rows;

const clockAt = (at: string) =>
  connection.query('insert into mart.transform_state (clock_at) values ($1)', [at]);

test('a resource is told once, as it is now, and what is not known has a name', async () => {
  await planted.resource('vm', { to: '2026-10-10Z', status: 'provisioning' });
  await planted.resource('vm', { from: '2026-10-10Z', status: 'running' });
  await planted.owner('vm', { team: 'nlp' });
  await connection.query(
    `update mart.dim_resource set name = null, sku = null, region_id = null where status = 'running'`,
  );
  expect(
    await rowsOf(
      `select resource_name, status, sku, region, team, project, environment from mart.rpt_resource`,
    ),
  ).toEqual([
    {
      resource_name: 'vm',
      status: 'running',
      sku: '(none)',
      region: '(none)',
      team: 'nlp',
      project: '(none)',
      environment: '(none)',
    },
  ]);
});

// The clock stands in the 31st: its cost so far is of the month, the 30th is the last whole day.
test('cost of the last whole day and of the month so far, over all meters', async () => {
  await clockAt('2026-10-31T12:00:00Z');
  await planted.cost('vm', { perDay: '10', from: '2026-09-29', to: '2026-11-01' });
  await planted.cost('vm', { perDay: '1', meter: 'vm-storage-hours', to: '2026-10-03' });
  await planted.cost('ended', { perDay: '4', to: '2026-10-11' });
  expect(
    await rowsOf(
      `select resource_id, trim_scale(month.cost)::text as month, trim_scale(day.cost)::text as day
       from mart.rpt_resource_cost_month as month
       left join mart.rpt_resource_cost_day as day using (account_id, resource_id)
       order by resource_id`,
    ),
  ).toEqual([
    { resource_id: 'ended', month: '40', day: null },
    { resource_id: 'vm', month: '312', day: '10' },
  ]);
});

test('at the first instant of a month its last day is of the month before', async () => {
  await clockAt('2026-11-01T00:00:00Z');
  await planted.cost('vm', { perDay: '10', to: '2026-11-01' });
  expect(await rowsOf('select * from mart.rpt_resource_cost_month')).toEqual([]);
  expect(
    await rowsOf(
      `select trim_scale(cost)::text as cost, to_char(cost_date, 'MM-DD') as day
       from mart.rpt_resource_cost_day`,
    ),
  ).toEqual([{ cost: '10', day: '10-31' }]);
});

test('the price of a unit follows the charges; a charge without a price tells none', async () => {
  await planted.epoch('vm', '2026-10-01T18:00:00Z', '2');
  await planted.epoch('vm', '2026-10-02T18:00:00Z', '3');
  await planted.epoch('vm', '2026-10-03T18:00:00Z', '3');
  await connection.query(
    `update mart.accrual set unit_price = billed_cost where charge_date < '2026-10-03'`,
  );
  expect(
    await rowsOf(
      `select to_char(charge_period_start at time zone 'UTC', 'MM-DD HH24') as from, meter, unit,
         billing_currency as currency, trim_scale(unit_price)::text as price
       from mart.rpt_resource_price order by charge_period_start`,
    ),
  ).toEqual([
    { from: '10-01 18', meter: 'vm-epochs', unit: '24 Hours', currency: 'USDC', price: '2' },
    { from: '10-02 18', meter: 'vm-epochs', unit: '24 Hours', currency: 'USDC', price: '3' },
  ]);
});

test('an owner holds until another comes; one without an end has none', async () => {
  for (const [from, to, team, sku] of [
    ['-infinity', '2026-10-05', 'nlp', 'small'],
    ['2026-10-05', '2026-10-09', 'nlp', 'large'],
    ['2026-10-09', '2026-10-11', null, 'large'],
    ['2026-10-11', 'infinity', 'nlp', 'large'],
  ] as const) {
    await connection.query(
      `insert into mart.resource_ownership (account_id, resource_id, from_date, to_date, provider,
         service_name, resource_type, sku, team, dimensions, rules)
       values ('a', 'vm', $1, $2, 'p', 's', 'Virtual Machine', $4, $3, '{}',
         case when $3::text is null then '{}'::jsonb else '{"team": "by name"}' end)`,
      [from, to, team, sku],
    );
  }
  expect(
    await rowsOf(
      `select team, rule, to_char(from_date, 'MM-DD') as from, to_char(to_date, 'MM-DD') as until
       from mart.rpt_resource_owner order by from_date nulls first`,
    ),
  ).toEqual([
    { team: 'nlp', rule: 'by name', from: null, until: '10-09' },
    { team: '(no team)', rule: 'none', from: '10-09', until: '10-11' },
    { team: 'nlp', rule: 'by name', from: '10-11', until: null },
  ]);
});

test('a reserve is told with whose machine holds it', async () => {
  await planted.resource('0x1', { provider: 'fluence' });
  await planted.owner('0x1', { team: 'nlp' });
  await planted.landed('fluence.vm', '0x1', {
    reservedBalance: '2500000',
    pricePerEpoch: '1000000',
  });
  expect(
    await rowsOf(
      `select resource_name, team, trim_scale(reserved_amount)::text as locked, billing_currency,
         trim_scale(epochs_covered)::text as epochs
       from mart.rpt_resource_reserve`,
    ),
  ).toEqual([
    { resource_name: '0x1', team: 'nlp', locked: '2.5', billing_currency: 'USDC', epochs: '2.5' },
  ]);
});

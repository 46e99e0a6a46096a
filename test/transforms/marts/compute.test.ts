/**
 * Goal: an hour's price counts a machine's hours once and its own meters only; a price asked is the
 * least of market and rate card. Method: slices, resources and prices are planted where the transform
 * puts them; figures are by hand.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { refreshEconomics } from '../../../transforms/marts/prices/refresh-economics.ts';
import { testDatabase } from '../../support/postgres.ts';

const DAY = '2026-10-05';

let pool: pg.Pool;
let slices: number;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  slices = 0;
  await pool.query(`insert into mart.transform_state (clock_at) values ('2026-10-06T00:00:00Z')`);
});

async function rented(sku: string, type: string, gpus: number, vcpus: number | null) {
  await pool.query(
    `insert into mart.dim_resource (account_id, resource_id, valid_from, provider, service_name,
       resource_type, status, sku, tags, gpu_model, gpu_count, vcpu_count)
     values ('a', $1 || $2, '2026-10-01Z', 'p', 's', $2, 'running', $1, '{}',
       case when $3::integer > 0 then 'h100' end, $3, $4)`,
    [sku, type, gpus, vcpus],
  );
}

interface Cost {
  readonly hours: number;
  readonly gpuHours?: number;
  readonly billed: string;
  readonly list?: string;
  /** In the reporting currency; by default one unit of billing currency is two of it. */
  readonly reporting: string;
}

async function cost(sku: string, type: string, meter: string, day: Cost): Promise<void> {
  slices += 1;
  await pool.query(
    `with slice as (
       insert into mart.cost_dimension (dimension_key, provider, account_id, resource_type, sku, meter,
         billing_currency, dimensions, is_share)
       values ($1, 'p', 'a', $2, $3, $4, 'EUR', '{}', false)
       returning dimension_id
     )
     insert into mart.cost_dimension_daily (cost_date, dimension_id, statement_month, usage_hours, gpu_hours,
       list_cost, billed_cost, effective_cost, reporting_cost, accrued_cost, uncertainty)
     select $5, dimension_id, '2026-10-01', $6, $7, $8, $9, $9, $10, 0, 0 from slice`,
    [
      `slice-${slices}`,
      type,
      sku,
      meter,
      DAY,
      day.hours,
      day.gpuHours ?? 0,
      day.list ?? day.billed,
      day.billed,
      day.reporting,
    ],
  );
}

async function refreshed(): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await refreshEconomics(connection, Date.parse('2026-10-06T00:00:00Z'));
    await connection.query('commit');
  } finally {
    connection.release();
  }
}

async function computed(): Promise<string[]> {
  await refreshed();
  const { rows } = await pool.query<{ line: string }>(
    `select concat_ws(' ', sku, gpu_model, trim_scale(sum(machine_hours)), trim_scale(sum(gpu_hours)),
       trim_scale(sum(vcpu_hours)), trim_scale(sum(paid_cost)), trim_scale(sum(list_cost))) as line
     from mart.rpt_compute_daily group by sku, gpu_model order by sku`,
  );
  return rows.map(({ line }) => line);
}

test('hours of a disk are no hours of its machine, its cost is', async () => {
  await rented('4x h100', 'Virtual Machine', 4, 32);
  const hours = { hours: 24, gpuHours: 96, billed: '48', list: '60', reporting: '96' };
  await cost('4x h100', 'Virtual Machine', 'vm-hours', hours);
  const disk = { hours: 24, billed: '2', reporting: '4' };
  await cost('4x h100', 'Virtual Machine', 'vm-storage-hours', disk);
  expect(await computed()).toEqual(['4x h100 h100 24 96 768 100 124']);
});

test('what is no machine is left out, and so is what costs nothing', async () => {
  await rented('std.8', 'Bare Metal Server', 0, 8);
  await rented('std.8', 'Committed Capacity', 0, null);
  await rented('disk', 'Storage Volume', 0, null);
  const paid = { hours: 10, billed: '5', reporting: '10' };
  await cost('std.8', 'Bare Metal Server', 'server-hours', paid);
  await cost('std.8', 'Committed Capacity', 'unused-commitment-hours', { ...paid, hours: 0 });
  await cost('disk', 'Storage Volume', 'storage-hours', paid);
  const free = { hours: 24, billed: '0', reporting: '0' };
  await cost('std.8', 'Bare Metal Server', 'vm-hours', free);
  expect(await computed()).toEqual(['std.8 (none) 10 0 80 10 10']);
});

test('a refresh follows what the slices of costs say, and writes nothing else', async () => {
  await rented('std.8', 'Bare Metal Server', 0, 8);
  const paid = { hours: 10, billed: '5', reporting: '10' };
  await cost('std.8', 'Bare Metal Server', 'server-hours', paid);
  await refreshed();
  const stored = 'select sku, xmin::text from mart.compute_daily';
  const { rows: before } = await pool.query(stored);
  await refreshed();
  expect((await pool.query(stored)).rows).toEqual(before);
  await pool.query('update mart.cost_dimension_daily set reporting_cost = 12');
  expect(await computed()).toEqual(['std.8 (none) 10 0 80 12 12']);
  await pool.query('delete from mart.cost_dimension_daily');
  expect(await computed()).toEqual([]);
});

test('the least asked for a SKU and for an hour of a GPU is told, of all regions', async () => {
  await pool.query(
    `insert into reference.exchange_rate (base_currency, quote_currency, valid_from, rate, source,
       source_file, source_line, loaded_at)
     values ('EUR', 'USD', '2026-01-01', 1.2, 'test', 'rates.csv', 2, '2026-01-01Z')`,
  );
  await plantReportingCurrency();
  await pool.query(
    `insert into mart.market_price_daily (price_date, account_id, provider, market, offer, region_id,
       sku, gpu_model, gpu_count, price_per_hour, billing_currency)
     select date '2026-10-05', 'a', 'p', 'm', offer, place, offer, model, gpus, price, 'EUR'
     from (
       values ('std', 'here', null, 0, 2.0), ('std', 'there', null, 0, 1.5),
         ('std', 'nowhere', null, 0, 9.0), ('1x', 'here', 'h100', 1, 2.0), ('8x', 'here', 'h100', 8, 12.0)
     ) as asked (offer, place, model, gpus, price)`,
  );
  const { rows } = await pool.query(
    `select provider, sku, trim_scale(least_per_hour)::text as least,
       trim_scale(most_per_hour)::text as most
     from mart.rpt_asking_price where sku = 'std'`,
  );
  expect(rows).toEqual([{ provider: 'p', sku: 'std', least: '1.8', most: '10.8' }]);
  const { rows: gpus } = await pool.query(
    `select gpu_model, offer, trim_scale(least_per_gpu_hour)::text as least
     from mart.rpt_gpu_asking_price`,
  );
  expect(gpus).toEqual([{ gpu_model: 'h100', offer: '8x', least: '1.8' }]);
});

/** The currency of the reports is that of the newest charge. */
async function plantReportingCurrency(): Promise<void> {
  await pool.query(
    `with run as (
       insert into ledger.run (clock_at, duration_ms, changes_taken, scopes, charges_posted,
         charges_reversed, accruals_written)
       values ('2026-10-06Z', 1, 0, 0, 1, 0, 0) returning run_id
     )
     insert into ledger.charge (run_id, recorded_at, account_id, provider, charge_key, revision,
       entry, reason, resource_id, meter, charge_date, charge_period_start, charge_period_end,
       day_rule, charge_category, pricing_category, quantity, unit, price_source, list_cost,
       contracted_cost, billed_cost, effective_cost, billing_currency, reporting_cost,
       reporting_currency, exchange_rate, basis, uncertainty, source_versions)
     select run_id, '2026-10-06Z', 'a', 'p', 'planted/1', 1, 'charge', 'first', 'r', 'm', '2026-10-05',
       '2026-10-05Z', '2026-10-05T01:00Z', 'start', 'Usage', 'Standard', 1, 'Hours', 'rate:1', 1, 1,
       1, 1, 'USD', 1, 'USD', 1, 'derived', 0, '{}'
     from run`,
  );
}

/**
 * Goal: every claim in transforms/checks/ is seen to catch a defect, and to hold without one.
 * Method: a healthy warehouse of planted charges with a closed month; one defect at a time is
 * planted past the triggers that forbid it.
 */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Check,
  readChecks,
  runCheck,
  runChecks,
} from '../../../transforms/checks/run-checks.ts';
import {
  closeAt,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  transformAt,
} from '../../support/planted-product.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

const charge = (day: string, more: Partial<PlantedCharge> = {}): PlantedCharge => ({
  key: `planted/1/${day}`,
  start: `${day}T00:00:00Z`,
  end: `${day}T10:00:00Z`,
  quantity: '10',
  price: '0.25',
  ...more,
});

/** What breaks each claim: statements run on the healthy warehouse. */
const DEFECTS: Readonly<Record<string, string>> = {
  all_money_has_a_known_kind: `update mart.accrual set price_source = 'unclassified'`,
  all_usage_has_a_price: `update mart.accrual set price_source = 'missing'`,
  bills_are_not_exceeded: `
    insert into landing.version (account_id, entity, slice, record_key, content_hash, payload,
      first_sweep_id, seen_from)
    values
      ('test-account', 'openmetal.cloud', '', 'c', '', '{}', 1, '2026-10-01Z'),
      ('test-account', 'openmetal.subscription', 'c', '', '', '{"state": "canceled",
        "activated_at": "2026-10-01T00:00:00Z", "current_term_started_at": "2026-10-01T00:00:00Z",
        "current_term_ends_at": "2026-10-31T00:00:00Z", "total_in_cents": 249,
        "addons": [{"total_in_cents": 249}]}', 1, '2026-10-01Z');
    update mart.accrual set provider = 'openmetal', charge_key = 'openmetal/c/1/1/1/2026-10-03'`,
  catalogue_prices_are_guesses: `update mart.accrual set price_source = 'catalogue:7'`,
  closed_statements_stand: `update mart.fct_cost_daily set billed_cost = billed_cost + 0.000000001
    where statement_month = '2026-09-01'`,
  deliveries_conform: `
    insert into landing.version (account_id, entity, slice, record_key, content_hash, payload,
      first_sweep_id, seen_from)
    values ('a', 'focus.file', '2026-10', '2026-10.csv', '',
      '{"rows": 2, "missing": ["ListCost"], "unknown": [], "tolerated": {}}', 1, '2026-10-01Z')`,
  every_account_is_settled: `
    insert into landing.account (account_id, is_configured, admitted_at)
    values ('left', false, '2026-10-01Z')`,
  every_charge_has_an_exchange_rate: `update mart.accrual set reporting_cost = null, exchange_rate = null`,
  every_charge_has_its_payload: `update mart.accrual set source_versions = '{7}'`,
  every_charge_has_its_resource: `delete from mart.dim_resource`,
  facts_equal_ledger: `update mart.fct_cost_daily set billed_cost = billed_cost + 0.000000001
    where cost_date = '2026-10-01'`,
  // The provider is called as the stream's product; it was first synced in its second month.
  months_are_observed_from_their_start: `
    insert into landing.expectation values
      ('test-account', 'planted.list', '2026-10-02Z', '3 hours', true, '24 hours');
    insert into landing.sweep (account_id, stream, slice, started_at, duration_ms, outcome, requests,
      retries, pages, records, records_new, records_changed, records_gone, records_quarantined)
    values ('test-account', 'planted.list', '', '2026-10-02Z', 1, 'complete', 1, 0, 1, 1, 0, 0, 0, 0)`,
  measured_use_is_complete: `
    insert into reference.metric (account_id, metric, query, measure, unit, resource_label, resource_by, mapping)
    values ('m', 'busy', 'busy', 'active', 'ratio', 'host', 'name', '{}');
    insert into mart.metric_daily (account_id, metric, usage_date, series, matched_series, sampled_hours,
      hours_not_finite)
    select 'm', 'busy', (clock_at at time zone 'UTC')::date - 1, 2, 1, 48, 0 from mart.transform_state`,
  no_customer_has_two_accounts: `
    insert into landing.account (account_id, admitted_at)
    values ('one', '2026-10-01Z'), ('other', '2026-10-01Z');
    insert into landing.account_identity (account_id, kind, identity, seen_from)
    select account_id, 'customer', '4711', '2026-10-01Z'
    from landing.account where account_id in ('one', 'other')`,
  no_day_has_more_than_24_hours: `update mart.fct_cost_daily set usage_hours = 25.5
    where cost_date = '2026-10-01'`,
  no_estimate_duplicates_a_bill: `
    insert into mart.dim_resource (account_id, resource_id, valid_from, provider, service_name,
      resource_type, status, tags, gpu_count)
    values ('test-account', 'instance', '2026-10-05Z', 'planted', 'Planted', 'Server', 'running',
      '{}', 0);
    insert into mart.accrual
    select (jsonb_populate_record(accrual, jsonb_build_object(
      'charge_key', 'planted/' || planted.resource_id || day, 'resource_id', planted.resource_id,
      'basis', planted.basis, 'price_source', planted.price_source,
      'charge_date', make_date(2026, 11, day)))).*
    from mart.accrual
    cross join generate_series(1, 4) as day
    cross join (values ('resource-1', 'derived', 'estimated:1'), ('instance', 'billed', 'api:1'))
      as planted (resource_id, basis, price_source)`,
  no_gap_hides_money: `
    insert into landing.expectation values
      ('test-account', 'x.list', '2026-10-01Z', '3 hours', true, '24 hours');
    insert into landing.sweep (account_id, stream, slice, started_at, duration_ms, outcome, requests,
      retries, pages, records, records_new, records_changed, records_gone, records_quarantined)
    values ('test-account', 'x.list', '', '2026-10-01Z', 1, 'complete', 1, 0, 1, 1, 0, 0, 0, 0)`,
  no_resource_is_charged_in_two_accounts: `
    insert into mart.accrual
    select (jsonb_populate_record(accrual, '{"account_id": "twin-account"}')).* from mart.accrual;
    insert into mart.dim_resource
    select (jsonb_populate_record(resource, '{"account_id": "twin-account"}')).*
    from mart.dim_resource as resource`,
  nothing_both_posted_and_accrued: `update mart.accrual set charge_key = 'planted/1/2026-10-01'`,
  nothing_is_set_aside: `
    insert into ledger.set_aside (product, step, account_id, resource_id, sqlstate, reason, first_at,
      last_at)
    values ('planted', 'charge', 'a', 'r', '22012', 'division by zero', '2026-10-01Z', '2026-10-01Z')`,
  nothing_waits_in_quarantine: `
    insert into landing.quarantine (account_id, stream, entity, slice, record_key, content_hash,
      payload, reason, first_seen_at, last_seen_at)
    values ('a', 's', 'thing', '', 'k', '', '{}', 'no id', '2026-10-01Z', '2026-10-01Z')`,
  one_payload_at_a_time: `
    insert into landing.version (account_id, entity, slice, record_key, content_hash, payload,
      first_sweep_id, seen_from, seen_to, ended_at, ended_because)
    values
      ('a', 'thing', '', 'k', '', '{}', 1, '2026-10-01Z', '2026-10-02Z', '2026-10-03Z', 'changed'),
      ('a', 'thing', '', 'k', '', '{}', 1, '2026-10-02Z', '2026-10-02Z', '2026-10-04Z', 'gone')`,
  one_standing_entry_per_charge: copyOfLastEntry('revision + 1', 'billed_cost'),
  open_months_have_one_reporting_currency: `update mart.accrual set reporting_currency = 'EUR'`,
  prices_do_not_overlap: `
    insert into reference.rate (provider, sku, region, contract_id, unit, unit_price, currency,
      valid_from, valid_to, source_file, source_line, loaded_at)
    values
      ('p', 'sku', 'r', '', 'Hours', 1, 'USD', '2026-01-01Z', '2026-03-01Z', 'f', 2, '2026-01-01Z'),
      ('p', 'sku', 'r', '', 'Hours', 2, 'USD', '2026-02-28Z', null, 'f', 3, '2026-01-01Z')`,
  reference_files_are_valid: `
    insert into reference.file_state (kind, files, taken_at, refused_at, defects)
    values ('rates', '{rates.csv}', '2026-10-01Z', '2026-10-02Z', '{"rates.csv:1: there is no header line"}')
    on conflict (kind) do update set refused_at = excluded.refused_at, defects = excluded.defects`,
  reporting_cost_follows_the_rate: `update ledger.charge set reporting_cost = reporting_cost + 0.01`,
  resource_intervals_do_not_overlap: `
    insert into mart.dim_resource (account_id, resource_id, valid_from, provider, service_name,
      resource_type, status, tags, gpu_count)
    values ('test-account', 'resource-1', '2026-10-05Z', 'planted', 'Planted', 'Server', 'running',
      '{}', 0)`,
  cost_dimensions_equal_facts: `update mart.cost_dimension_daily set billed_cost = billed_cost + 0.000000001
    where cost_date = '2026-10-01'`,
  reversals_negate_their_charges: `update ledger.charge set billed_cost = billed_cost + 0.000000001
    where entry = 'reversal'`,
  what_is_unproven_says_so: `
    insert into landing.version (account_id, entity, slice, record_key, content_hash, payload,
      first_sweep_id, seen_from)
    values ('a', 'flexmetal.server', '', 's1', '', '{"uuid": "s1", "status": "delivered",
      "createdAt": 1790000000, "deliveredAt": null, "contractId": "",
      "instanceType": {"name": "bm7.std.8"}, "location": {"name": "EU: Rotterdam"}}', 1,
      '2026-10-02Z')`,
  usage_is_no_negative_cost: `update mart.accrual set billed_cost = -1`,
};

/** A second entry of the charge that was entered last. */
function copyOfLastEntry(revision: string, billedCost: string): string {
  return `insert into ledger.charge (
      run_id, recorded_at, account_id, provider, charge_key, revision, entry, reason, resource_id,
      meter, charge_date, charge_period_start, charge_period_end, day_rule, charge_category,
      pricing_category, quantity, unit, usage_hours, gpu_hours, price_source, list_cost,
      contracted_cost, billed_cost, effective_cost, billing_currency, reporting_cost,
      reporting_currency, exchange_rate, basis, uncertainty, source_versions
    )
    select run_id, recorded_at, account_id, provider, charge_key, ${revision}, entry, reason,
      resource_id, meter, charge_date, charge_period_start, charge_period_end, day_rule,
      charge_category, pricing_category, quantity, unit, usage_hours, gpu_hours, price_source,
      list_cost, contracted_cost, ${billedCost}, effective_cost, billing_currency, reporting_cost,
      reporting_currency, exchange_rate, basis, uncertainty, source_versions
    from ledger.charge where entry = 'charge' order by charge_id desc limit 1`;
}

let database: TestDatabase;
let pool: pg.Pool;
let checks: Check[];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
  checks = await readChecks();
  await createPlantedProduct(pool);
  await pool.query(
    `insert into public.planted_state (account_id, resource_id, valid_from, provider, service_name,
       resource_type, status, tags, gpu_count)
     values ('test-account', 'resource-1', '2026-09-01Z', 'planted', 'Planted', 'Server', 'running',
       '{}', 0)`,
  );
  const growing = charge('2026-10-03', { isSettled: false });
  await plant(pool, [charge('2026-09-01'), charge('2026-10-01'), growing]);
  await transformAt(pool, '2026-10-03T12:00:00Z');
  await closeAt(pool, '2026-10-03T12:00:00Z', { from: '2026-09-01', to: '2026-10-01' });
  await plant(pool, [
    charge('2026-09-01', { quantity: '9' }),
    charge('2026-10-01', { quantity: '12' }),
    growing,
  ]);
  await transformAt(pool, '2026-10-04T12:00:00Z');
});

afterAll(() => database.close());

describe('transforms/checks', () => {
  test('every claim has a planted defect, and the other way round', () => {
    expect(Object.keys(DEFECTS).sort()).toEqual(checks.map(({ name }) => name).sort());
  });

  test('every claim holds on the healthy warehouse', async () => {
    const connection = await pool.connect();
    const broken: string[] = [];
    for (const check of checks) {
      const { offenders } = await runCheck(connection, check);
      if (offenders > 0) broken.push(check.name);
    }
    connection.release();
    expect(broken).toEqual([]);
  });

  test.for(Object.entries(DEFECTS))('%s is seen to break', async ([name, defect]) => {
    const check = checks.find((candidate) => candidate.name === name);
    if (check === undefined) throw new Error(`no check ${name}`);
    const connection = await pool.connect();
    try {
      await connection.query("begin; set local session_replication_role = 'replica'");
      await connection.query(defect);
      const { offenders, examples } = await runCheck(connection, check);
      expect(offenders).toBeGreaterThan(0);
      expect(examples.length).toBeGreaterThan(0);
    } finally {
      await connection.query('rollback');
      connection.release();
    }
  });

  test('one whose SQL fails is failed with the reason, and the others are run', async () => {
    const connection = await pool.connect();
    try {
      await connection.query('begin; alter view mart.rpt_set_aside rename to elsewhere');
      const results = await runChecks(connection);
      expect(results).toHaveLength(checks.length);
      expect(results.filter(({ offenders }) => offenders > 0)).toEqual([
        expect.objectContaining({
          name: 'nothing_is_set_aside',
          kind: 'claim',
          examples: [{ cannot_be_run: 'relation "mart.rpt_set_aside" does not exist' }],
        }),
      ]);
    } finally {
      await connection.query('rollback');
      connection.release();
    }
  });
});

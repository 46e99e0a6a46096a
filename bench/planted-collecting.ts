/** A year of looking: sweeps every hour, what was kept of them, and figures to reconcile with. */
import type pg from 'pg';

const STREAMS = 25;
const ACCOUNTS = 4;
const RECONCILED_LINES = 5_000;
const CORRECTED_RESOURCES = 500;
const BUDGETS = 20;

/** Plants it for the days of the ledger that stands already. */
export async function plantCollecting(pool: pg.Pool): Promise<void> {
  await pool.query(
    `insert into landing.expectation (account_id, stream, expected_from, stale_after, is_metering, retells)
     select 'account-' || account, 'bench.stream-' || stream, first_at, '3 hours', stream % 2 = 0, '30 days'
     from (select min(clock_at) as first_at from ledger.run) as run
     cross join generate_series(1, ${ACCOUNTS}) as account
     cross join generate_series(1, ${STREAMS}) as stream`,
  );
  await pool.query(
    `insert into landing.sweep (
       account_id, stream, slice, started_at, duration_ms, outcome, error, requests, retries, pages,
       records, records_new, records_changed, records_gone, records_quarantined
     )
     select account_id, stream, '', started_at, 250,
       case when is_failed then 'failed' else 'complete' end,
       case when is_failed then 'HTTP 503' end, 3, is_failed::integer, 2, 100, 0, 1, 0, 0
     from landing.expectation
     cross join lateral generate_series(
       expected_from, (select clock_at from mart.transform_state), interval '1 hour'
     ) as started_at
     cross join lateral (
       select hashtext(stream || started_at::text) % 500 = 0 as is_failed
     ) as outcome`,
  );
  await pool.query(
    `insert into landing.watermark (account_id, stream, slice, complete_at, sweep_id, pages_hash, records)
     select account_id, stream, '', max(started_at), max(sweep_id), '', 100
     from landing.sweep group by account_id, stream`,
  );
  await pool.query(
    `insert into reference.budget (
       budget, scope, period, amount, actual_thresholds, forecast_thresholds, valid_from, valid_to,
       source_file, loaded_at
     )
     select 'team-' || number, jsonb_build_object('team', 'team-' || number), 'month', 120000,
       '{50,80,100}', '{100}', '-infinity', 'infinity', 'bench', '2020-01-01Z'
     from generate_series(1, ${BUDGETS}) as number`,
  );
  await plantCorrections(pool);
}

/** Yesterday's entries of some resources are taken back and entered again. */
async function plantCorrections(pool: pg.Pool): Promise<void> {
  await pool.query(
    `insert into ledger.charge (
       run_id, recorded_at, account_id, provider, charge_key, revision, entry, reverses_charge_id,
       reason, resource_id, meter, sku, region_id, charge_date, charge_period_start,
       charge_period_end, day_rule, charge_category, pricing_category, quantity, unit, usage_hours,
       gpu_hours, unit_price, price_source, list_cost, contracted_cost, billed_cost, effective_cost,
       billing_currency, reporting_cost, reporting_currency, exchange_rate, basis, uncertainty,
       source_versions
     )
     select
       run.run_id, run.clock_at, charge.account_id, charge.provider, charge.charge_key,
       charge.revision + (sign = 1)::integer, case sign when 1 then 'charge' else 'reversal' end,
       case sign when -1 then charge.charge_id end, 'price changed', charge.resource_id,
       charge.meter, charge.sku, charge.region_id, charge.charge_date, charge.charge_period_start,
       charge.charge_period_end, charge.day_rule, charge.charge_category,
       charge.pricing_category, sign * charge.quantity, charge.unit, sign * charge.usage_hours,
       sign * charge.gpu_hours, charge.unit_price, charge.price_source, sign * charge.list_cost,
       sign * charge.contracted_cost, sign * charge.billed_cost, sign * charge.effective_cost,
       charge.billing_currency, sign * charge.reporting_cost, charge.reporting_currency,
       charge.exchange_rate, charge.basis, charge.uncertainty, charge.source_versions
     from ledger.run
     join ledger.charge on charge.run_id = run.run_id - 1
     cross join (values (-1), (1)) as entry (sign)
     where substr(charge.resource_id, 8)::integer <= ${CORRECTED_RESOURCES}
       and extract(day from run.clock_at at time zone 'UTC') = 2`,
  );
}

/** What a check found, one row per line: several months of a large fleet. */
export async function plantReconciliation(pool: pg.Pool): Promise<void> {
  await pool.query(
    `insert into mart.reconciliation (
       account_id, provider, month, source, line, measure, unit, ours, theirs, difference, class,
       uncertainty, rounding, tax, is_final, is_proof, source_versions, checked_at
     )
     select resource.account_id, resource.provider, month::date, 'invoice', resource.resource_id,
       'money', 'EUR', 180, 180, 0, 'matched', 0, 0, 0, true, true, '{}', state.clock_at
     from mart.transform_state as state
     cross join generate_series(
       mart.this_month() - interval '11 months', mart.this_month(), interval '1 month'
     ) as month
     cross join (select * from mart.dim_resource limit ${RECONCILED_LINES}) as resource`,
  );
}

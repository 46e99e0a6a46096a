-- One reversal per entry that was recorded after :'to' and is current. It carries the instant of what
-- it reverses, so that no report as of any instant sees one of the two alone.
insert into ledger.charge (
  run_id, recorded_at, account_id, provider, charge_key, revision, entry, reverses_charge_id,
  reason, resource_id, meter, sku, region_id, charge_date, charge_period_start, charge_period_end,
  day_rule, charge_category, pricing_category, commitment_id, commitment_status, quantity, unit,
  usage_hours, gpu_hours, unit_price, price_source, list_cost, contracted_cost, billed_cost,
  effective_cost, billing_currency, reporting_cost, reporting_currency, exchange_rate, basis,
  uncertainty, source_versions
)
select
  :'run_id', recorded_at, account_id, provider, charge_key, revision, 'reversal', charge_id,
  'withdrawn: recorded with a clock that was ahead', resource_id, meter, sku, region_id,
  charge_date, charge_period_start, charge_period_end, day_rule, charge_category,
  pricing_category, commitment_id, commitment_status, -quantity, unit, -usage_hours, -gpu_hours,
  unit_price, price_source, -list_cost, -contracted_cost, -billed_cost, -effective_cost,
  billing_currency, -reporting_cost, reporting_currency, exchange_rate, basis, -uncertainty,
  source_versions
from ledger.charge as later
where recorded_at > :'to' and entry = 'charge'
  and not exists (
    select from ledger.charge as reversal where reversal.reverses_charge_id = later.charge_id
  )
order by charge_id

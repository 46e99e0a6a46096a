-- What is shown no more is kept with the time in which it was: reports as of then need it.
with dropped as (
  delete from mart.accrual
  using accrual_difference
  where accrual.account_id = accrual_difference.account_id
    and accrual.charge_key = accrual_difference.charge_key
    and accrual_difference.is_held
  returning accrual.*
)
insert into history.accrual (
  account_id, charge_key, provider, resource_id, meter, sku, region_id, charge_date,
  charge_period_start, charge_period_end, day_rule, charge_category, pricing_category,
  commitment_id, commitment_status, quantity, unit, usage_hours, gpu_hours, unit_price,
  price_source, list_cost, contracted_cost, billed_cost, effective_cost, billing_currency,
  reporting_cost, reporting_currency, exchange_rate, basis, uncertainty, source_versions,
  recorded_at, superseded_at
)
select
  account_id, charge_key, provider, resource_id, meter, sku, region_id, charge_date,
  charge_period_start, charge_period_end, day_rule, charge_category, pricing_category,
  commitment_id, commitment_status, quantity, unit, usage_hours, gpu_hours, unit_price,
  price_source, list_cost, contracted_cost, billed_cost, effective_cost, billing_currency,
  reporting_cost, reporting_currency, exchange_rate, basis, uncertainty, source_versions,
  recorded_at, :'now'
from dropped
where dropped.recorded_at < :'now'

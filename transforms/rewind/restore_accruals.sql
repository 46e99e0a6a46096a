-- Accruals that were shown at :'to' and replaced after it: one row each, back from the history.
with restored as (
  delete from history.accrual
  where recorded_at <= :'to' and superseded_at > :'to'
  returning
    account_id, charge_key, provider, resource_id, meter, sku, region_id, charge_date,
    charge_period_start, charge_period_end, day_rule, charge_category, pricing_category,
    commitment_id, commitment_status, quantity, unit, usage_hours, gpu_hours, unit_price,
    price_source, list_cost, contracted_cost, billed_cost, effective_cost, billing_currency,
    reporting_cost, reporting_currency, exchange_rate, basis, uncertainty, source_versions,
    recorded_at
)
insert into mart.accrual (
  account_id, charge_key, provider, resource_id, meter, sku, region_id, charge_date,
  charge_period_start, charge_period_end, day_rule, charge_category, pricing_category,
  commitment_id, commitment_status, quantity, unit, usage_hours, gpu_hours, unit_price,
  price_source, list_cost, contracted_cost, billed_cost, effective_cost, billing_currency,
  reporting_cost, reporting_currency, exchange_rate, basis, uncertainty, source_versions,
  recorded_at
)
select * from restored

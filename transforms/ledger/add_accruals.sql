insert into mart.accrual (
  account_id, charge_key, provider, resource_id, meter, sku, region_id, charge_date,
  charge_period_start, charge_period_end, day_rule, charge_category, pricing_category,
  commitment_id, commitment_status, quantity, unit, usage_hours, gpu_hours, unit_price,
  price_source, list_cost, contracted_cost, billed_cost, effective_cost, billing_currency,
  reporting_cost, reporting_currency, exchange_rate, basis, uncertainty, source_versions,
  recorded_at
)
select
  desired.account_id, desired.charge_key, desired.provider, desired.resource_id, desired.meter,
  desired.sku, desired.region_id, desired.charge_date, desired.charge_period_start,
  desired.charge_period_end, desired.day_rule, desired.charge_category, desired.pricing_category,
  desired.commitment_id, desired.commitment_status, desired.quantity, desired.unit,
  desired.usage_hours, desired.gpu_hours, desired.unit_price, desired.price_source,
  desired.list_cost, desired.contracted_cost, desired.billed_cost, desired.effective_cost,
  desired.billing_currency, desired.reporting_cost, desired.reporting_currency,
  desired.exchange_rate, desired.basis, desired.uncertainty, desired.source_versions, :'now'
from accrual_difference
join desired using (account_id, charge_key)
where accrual_difference.is_wanted

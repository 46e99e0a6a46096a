-- One row per charge as it is known now: what stands in the ledger (neither reversed nor a
-- reversal), and what still accrues. What reconciliation and checks look at.
select
  charge.account_id, charge.provider, charge.charge_key, charge.resource_id, charge.meter,
  charge.sku, charge.region_id, charge.charge_category, charge.pricing_category,
  charge.commitment_id, charge.commitment_status, charge.unit, charge.billing_currency,
  charge.price_source, charge.basis, charge.day_rule,
  charge.quantity, charge.usage_hours, charge.gpu_hours, charge.unit_price,
  charge.list_cost, charge.contracted_cost, charge.billed_cost, charge.effective_cost,
  charge.reporting_cost, charge.uncertainty,
  charge.charge_date, charge.charge_period_start, charge.charge_period_end,
  charge.source_versions, charge.charge_id
from ledger.charge
where charge.entry = 'charge' and not exists (
  select from ledger.charge as reversal where reversal.reverses_charge_id = charge.charge_id
)
union all
select
  accrual.account_id, accrual.provider, accrual.charge_key, accrual.resource_id, accrual.meter,
  accrual.sku, accrual.region_id, accrual.charge_category, accrual.pricing_category,
  accrual.commitment_id, accrual.commitment_status, accrual.unit, accrual.billing_currency,
  accrual.price_source, accrual.basis, accrual.day_rule,
  accrual.quantity, accrual.usage_hours, accrual.gpu_hours, accrual.unit_price,
  accrual.list_cost, accrual.contracted_cost, accrual.billed_cost, accrual.effective_cost,
  accrual.reporting_cost, accrual.uncertainty,
  accrual.charge_date, accrual.charge_period_start, accrual.charge_period_end,
  accrual.source_versions, null::bigint as charge_id
from mart.accrual

-- One entry per settled charge that is new or differs, in a fixed order so that a rebuild numbers
-- them alike.
insert into ledger.charge (
  run_id, recorded_at, account_id, provider, charge_key, revision, entry, reverses_charge_id,
  reason, resource_id, meter, sku, region_id, charge_date, charge_period_start, charge_period_end,
  day_rule, charge_category, pricing_category, commitment_id, commitment_status, quantity, unit,
  usage_hours, gpu_hours, unit_price, price_source, list_cost, contracted_cost, billed_cost,
  effective_cost, billing_currency, reporting_cost, reporting_currency, exchange_rate, basis,
  uncertainty, source_versions
)
select
  :'run_id', :'now', desired.account_id, desired.provider, desired.charge_key,
  coalesce(former.revision, 0) + 1, 'charge', null, difference.reason, desired.resource_id,
  desired.meter, desired.sku, desired.region_id, desired.charge_date, desired.charge_period_start,
  desired.charge_period_end, desired.day_rule, desired.charge_category, desired.pricing_category,
  desired.commitment_id, desired.commitment_status, desired.quantity, desired.unit,
  desired.usage_hours, desired.gpu_hours, desired.unit_price, desired.price_source,
  desired.list_cost, desired.contracted_cost, desired.billed_cost, desired.effective_cost,
  desired.billing_currency, desired.reporting_cost, desired.reporting_currency,
  case when desired.reporting_cost is null then null else desired.exchange_rate end,
  desired.basis, desired.uncertainty, desired.source_versions
from difference
join desired using (account_id, charge_key)
left join lateral (
  select max(charge.revision) as revision
  from ledger.charge
  where charge.account_id = desired.account_id and charge.charge_key = desired.charge_key
) as former on true
where difference.is_wanted
order by desired.account_id, desired.charge_date, desired.charge_key

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
  :'run_id', :'now', expected_charge.account_id, expected_charge.provider, expected_charge.charge_key,
  coalesce(former.revision, 0) + 1, 'charge', null, difference.reason, expected_charge.resource_id,
  expected_charge.meter, expected_charge.sku, expected_charge.region_id, expected_charge.charge_date, expected_charge.charge_period_start,
  expected_charge.charge_period_end, expected_charge.day_rule, expected_charge.charge_category, expected_charge.pricing_category,
  expected_charge.commitment_id, expected_charge.commitment_status, expected_charge.quantity, expected_charge.unit,
  expected_charge.usage_hours, expected_charge.gpu_hours, expected_charge.unit_price, expected_charge.price_source,
  expected_charge.list_cost, expected_charge.contracted_cost, expected_charge.billed_cost, expected_charge.effective_cost,
  expected_charge.billing_currency, expected_charge.reporting_cost, expected_charge.reporting_currency,
  case when expected_charge.reporting_cost is null then null else expected_charge.exchange_rate end,
  expected_charge.basis, expected_charge.uncertainty, expected_charge.source_versions
from difference
join expected_charge using (account_id, charge_key)
left join lateral (
  select max(charge.revision) as revision
  from ledger.charge
  where charge.account_id = expected_charge.account_id and charge.charge_key = expected_charge.charge_key
) as former on true
where difference.is_expected
order by
  expected_charge.account_id collate "C", expected_charge.charge_date,
  expected_charge.charge_key collate "C"

-- One entry per charge that was current at :'to' and was reversed after it: the same again, with the
-- instant of the reversal.
insert into ledger.charge (
  run_id, recorded_at, account_id, provider, charge_key, revision, entry, reverses_charge_id,
  reason, resource_id, meter, sku, region_id, charge_date, charge_period_start, charge_period_end,
  day_rule, charge_category, pricing_category, commitment_id, commitment_status, quantity, unit,
  usage_hours, gpu_hours, unit_price, price_source, list_cost, contracted_cost, billed_cost,
  effective_cost, billing_currency, reporting_cost, reporting_currency, exchange_rate, basis,
  uncertainty, source_versions
)
select
  :'run_id', reversal.recorded_at, former.account_id, former.provider, former.charge_key,
  newest.revision + 1, 'charge', null, 'restored: reversed with a clock that was ahead',
  former.resource_id, former.meter, former.sku, former.region_id, former.charge_date,
  former.charge_period_start, former.charge_period_end, former.day_rule, former.charge_category,
  former.pricing_category, former.commitment_id, former.commitment_status, former.quantity,
  former.unit, former.usage_hours, former.gpu_hours, former.unit_price, former.price_source,
  former.list_cost, former.contracted_cost, former.billed_cost, former.effective_cost,
  former.billing_currency, former.reporting_cost, former.reporting_currency,
  former.exchange_rate, former.basis, former.uncertainty, former.source_versions
from ledger.charge as reversal
join ledger.charge as former on former.charge_id = reversal.reverses_charge_id
cross join lateral (
  select max(charge.revision) as revision
  from ledger.charge
  where charge.account_id = former.account_id and charge.charge_key = former.charge_key
) as newest
where reversal.entry = 'reversal' and reversal.recorded_at > :'to' and former.recorded_at <= :'to'
order by former.charge_id

-- One row per charge of the files, as the bill states it: the billed cost is what the account owes, the
-- effective cost spreads what was paid ahead over its use; neither is made from the other. Usage of a negative
-- cost takes something back: it is an adjustment. A one-time charge belongs to the day on which it begins.
select
  charge.account_id,
  charge.provider,
  'focus/' || charge.record_key as charge_key,
  charge.resource_id,
  left(
    case charge.charge_category
      when 'Usage' then coalesce(charge.sku_meter, charge.unit, 'Usage')
      else charge.charge_category
    end, 200
  ) as meter,
  left(charge.sku_id, 200) as sku,
  left(charge.region_id, 200) as region_id,
  (charge.starts_at at time zone 'UTC')::date as charge_date,
  charge.starts_at as charge_period_start,
  charge.ends_at as charge_period_end,
  case charge.charge_frequency when 'One-Time' then 'start' else 'seconds' end as day_rule,
  case
    when charge.charge_category = 'Usage' and charge.billed_cost < 0 then 'Adjustment'
    else charge.charge_category
  end as charge_category,
  case
    when charge.pricing_category in ('Standard', 'Dynamic', 'Committed') then charge.pricing_category
    else 'Other'
  end as pricing_category,
  left(charge.commitment_id, 500) as commitment_id,
  case when charge.commitment_status in ('Used', 'Unused') then charge.commitment_status end
    as commitment_status,
  coalesce(charge.quantity, 1) as quantity,
  left(coalesce(case when charge.quantity is not null then charge.unit end, 'Charges'), 200) as unit,
  -- Hours of what a file does not say: of instances, of processors, of gigabytes.
  null::numeric as usage_hours,
  null::numeric as gpu_hours,
  charge.unit_price,
  'api:' || charge.version_id as price_source,
  round(charge.list_cost, 9) as list_cost,
  round(charge.contracted_cost, 9) as contracted_cost,
  round(charge.billed_cost, 9) as billed_cost,
  round(charge.effective_cost, 9) as effective_cost,
  charge.billing_currency,
  'billed' as basis,
  0::numeric as uncertainty,
  array[charge.version_id] as source_versions,
  true as is_settled
from scope
join intermediate.int_focus__counted_charge as charge using (account_id, resource_id)
where (charge.starts_at at time zone 'UTC')::date >= scope.from_date

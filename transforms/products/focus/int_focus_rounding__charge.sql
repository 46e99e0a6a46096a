-- One row per rest of rounding, so that the ledger holds of each seller and billing period what the files add
-- up to, to its last digit.
select
  amount.account_id,
  amount.provider,
  'focus_rounding/' || amount.resource_id as charge_key,
  amount.resource_id,
  'rounding' as meter,
  null::text as sku,
  null::text as region_id,
  amount.billing_period_date as charge_date,
  amount.billing_period_date::timestamp at time zone 'UTC' as charge_period_start,
  (amount.billing_period_date + 1)::timestamp at time zone 'UTC' as charge_period_end,
  'start' as day_rule,
  'Adjustment' as charge_category,
  'Other' as pricing_category,
  null::text as commitment_id,
  null::text as commitment_status,
  1::numeric as quantity,
  'Charges' as unit,
  null::numeric as usage_hours,
  null::numeric as gpu_hours,
  null::numeric as unit_price,
  'api:' || amount.source_versions[1] as price_source,
  amount.list_cost,
  amount.contracted_cost,
  amount.billed_cost,
  amount.effective_cost,
  amount.billing_currency,
  'billed' as basis,
  0::numeric as uncertainty,
  amount.source_versions,
  true as is_settled
from scope
join intermediate.int_focus_rounding__amount as amount using (account_id, resource_id)
where amount.billing_period_date >= scope.from_date

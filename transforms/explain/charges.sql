-- The charges in question, as they are known now: one charge by its key, or those of a resource (its
-- id in any case) in a UTC month, on one meter if one is named. One row per charge.
with charge as (
  select known.*
  from intermediate.known_charge as known
  where (known.charge_key = :'subject' or lower(known.resource_id) = lower(:'subject'))
    and (:'account'::text is null or known.account_id = :'account')
    and (:'meter'::text is null or known.meter = :'meter')
    and (:'from'::date is null or known.charge_date >= :'from'::date)
    and (:'to'::date is null or known.charge_date < :'to'::date)
)
select
  charge.account_id, charge.provider, charge.charge_key, charge.resource_id, charge.meter,
  charge.sku, charge.region_id, charge.charge_category, charge.pricing_category,
  charge.commitment_id, charge.commitment_status, charge.unit, charge.billing_currency,
  charge.price_source, charge.basis,
  charge.charge_id is null as is_accrual,
  charge.charge_date,
  to_char(charge.charge_period_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    as charge_period_start,
  to_char(charge.charge_period_end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    as charge_period_end,
  trim_scale(charge.quantity) as quantity,
  trim_scale(charge.usage_hours) as usage_hours,
  trim_scale(charge.gpu_hours) as gpu_hours,
  trim_scale(charge.unit_price::numeric) as unit_price,
  trim_scale(charge.billed_cost::numeric) as billed_cost,
  trim_scale(charge.reporting_cost::numeric) as reporting_cost,
  trim_scale(charge.uncertainty::numeric) as uncertainty,
  rate.exchange_rate_id,
  charge.source_versions
from charge
left join lateral (
  select exchange_rate.exchange_rate_id
  from reference.exchange_rate
  where exchange_rate.base_currency = charge.billing_currency
    and exchange_rate.quote_currency = :'reporting_currency'
    and exchange_rate.superseded_at is null
    and exchange_rate.valid_from <= charge.charge_date
  order by exchange_rate.valid_from desc
  limit 1
) as rate on true
order by
  charge.account_id collate "C", charge.meter collate "C", charge.charge_period_start,
  charge.charge_key collate "C"

-- The charges in question that are known now: posted and not reversed, or accrued. One row per charge.
with charge as (
  select known.*
  from intermediate.known_charge as known
  where known.account_id = any (:'accounts'::text[])
    and known.charge_key = any (:'charge_keys'::text[])
    and (known.account_id, known.charge_key) in (
      select * from unnest(:'accounts'::text[], :'charge_keys'::text[])
    )
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

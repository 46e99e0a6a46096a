-- One row per UTC day, offer of a market that a provider publishes, and region: what one machine of
-- it cost per hour, per GPU-hour and, where it has no GPU, per vCPU-hour, as last reported on that day
-- (or before, when nobody looked). Amounts in the reporting currency are at the day's exchange
-- rate, null without one.
with rate_day as (
  select rate.currency, day::date as price_date, rate.rate
  from mart.rpt_exchange_rate as rate
  cross join mart.transform_state as clock
  cross join lateral generate_series(
    greatest(rate.valid_from, (clock.clock_at at time zone 'UTC')::date - 800)::timestamp,
    least(rate.valid_to - 1, (clock.clock_at at time zone 'UTC')::date)::timestamp,
    interval '1 day'
  ) as day
)
select
  price.price_date,
  price.account_id,
  price.provider,
  price.market,
  price.offer,
  coalesce(price.sku, '(none)') as sku,
  price.region_id,
  coalesce(price.region_name, nullif(price.region_id, ''), '(any)') as region,
  coalesce(price.gpu_model, '(none)') as gpu_model,

  price.gpu_count,
  price.vcpu_count,
  price.memory_gib,
  price.billing_currency,
  price.price_per_hour,
  price.list_price_per_hour,
  round(price.price_per_hour * rate_day.rate, 9) as reporting_price_per_hour,
  round(price.price_per_hour * rate_day.rate / nullif(price.gpu_count, 0), 9)
    as reporting_price_per_gpu_hour,
  case when price.gpu_count = 0
    then round(price.price_per_hour * rate_day.rate / nullif(price.vcpu_count, 0), 9)
  end as reporting_price_per_vcpu_hour
from mart.market_price_daily as price
left join rate_day
  on rate_day.currency = price.billing_currency and rate_day.price_date = price.price_date

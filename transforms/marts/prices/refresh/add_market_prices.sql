-- Adds the days since the last one stored, that one anew: an offer's price as last reported on each
-- day. A first look goes back two years. A day without a look has what was told before it.
with period as (
  select
    greatest(
      coalesce((select max(price_date) from mart.market_price_daily), '-infinity'), last_day - 730
    ) as first_day,
    last_day
  from (
    select ((:'now'::timestamptz - interval '1 microsecond') at time zone 'UTC')::date as last_day
  ) as clock
),
told as (
  select distinct on (
    day, price.account_id, price.provider, price.market, price.offer, price.region_id
  )
    price.*, day::date as price_date
  from intermediate.market_price as price
  cross join period
  cross join lateral generate_series(
    greatest((price.valid_from at time zone 'UTC')::date, period.first_day)::timestamp,
    least(
      ((price.valid_to - interval '1 microsecond') at time zone 'UTC')::date, period.last_day
    )::timestamp,
    interval '1 day'
  ) as day
  where price.valid_to is null or price.valid_to > period.first_day::timestamp at time zone 'UTC'
  order by
    day, price.account_id, price.provider, price.market, price.offer, price.region_id,
    price.valid_from desc
)
insert into mart.market_price_daily as stored (
  price_date, account_id, provider, market, offer, region_id, sku, region_name, gpu_model,
  gpu_count, vcpu_count, memory_gib, price_per_hour, list_price_per_hour, billing_currency
)
select
  price_date, account_id, provider, market, offer, coalesce(region_id, ''), sku, region_name,
  gpu_model, gpu_count, vcpu_count, memory_gib, price_per_hour, list_price_per_hour,
  billing_currency
from told
where price_per_hour is not null
on conflict (price_date, account_id, provider, market, offer, region_id) do update set
  sku = excluded.sku,
  region_name = excluded.region_name,
  gpu_model = excluded.gpu_model,
  gpu_count = excluded.gpu_count,
  vcpu_count = excluded.vcpu_count,
  memory_gib = excluded.memory_gib,
  price_per_hour = excluded.price_per_hour,
  list_price_per_hour = excluded.list_price_per_hour,
  billing_currency = excluded.billing_currency
where stored is distinct from excluded

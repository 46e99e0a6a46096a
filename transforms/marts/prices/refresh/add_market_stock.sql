-- Adds the days since the last one stored, that one anew: an offer's stock as last reported on each
-- day. A first look goes back two years. A day without a look has what was told before it.
with period as (
  select
    greatest(
      coalesce((select max(stock_date) from mart.market_stock_daily), '-infinity'), last_day - 730
    ) as first_day,
    last_day
  from (
    select ((:'now'::timestamptz - interval '1 microsecond') at time zone 'UTC')::date as last_day
  ) as clock
),
told as (
  select distinct on (
    day, stock.account_id, stock.provider, stock.market, stock.offer, stock.region_id
  )
    stock.*, day::date as stock_date
  from intermediate.market_stock as stock
  cross join period
  cross join lateral generate_series(
    greatest((stock.valid_from at time zone 'UTC')::date, period.first_day)::timestamp,
    least(
      ((stock.valid_to - interval '1 microsecond') at time zone 'UTC')::date, period.last_day
    )::timestamp,
    interval '1 day'
  ) as day
  where stock.valid_to is null or stock.valid_to > period.first_day::timestamp at time zone 'UTC'
  order by
    day, stock.account_id, stock.provider, stock.market, stock.offer, stock.region_id,
    stock.valid_from desc
)
insert into mart.market_stock_daily as stored (
  stock_date, account_id, provider, market, offer, region_id, region_name, stock, stock_unit,
  stock_level
)
select
  stock_date, account_id, provider, market, offer, coalesce(region_id, ''), region_name, stock,
  stock_unit, stock_level
from told
where num_nonnulls(stock, stock_level) = 1
on conflict (stock_date, account_id, provider, market, offer, region_id) do update set
  region_name = excluded.region_name,
  stock = excluded.stock,
  stock_unit = excluded.stock_unit,
  stock_level = excluded.stock_level
where stored is distinct from excluded

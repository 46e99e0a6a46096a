-- One row per step of days, SKU and meter, of the eight most expensive pairs: what an hour came to. A meter
-- by itself: hours of a machine and of its disk are no price together.
with daily as (
  select
    cost_date, sku, meter, sum(cost) as cost, sum(usage_hours) as usage_hours
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, provider, account, region, resource_type, sku)
    and usage_hours > 0
  group by cost_date, sku, meter
),
most_expensive as (
  select sku, meter from daily
  group by sku, meter
  order by sum(cost) desc, sku collate "C", meter collate "C"
  limit 8
)
select
  $__timeGroupAlias(cost_date, $__interval),
  sku || ' · ' || meter as metric,
  sum(cost) / sum(usage_hours) as value
from daily
join most_expensive using (sku, meter)
group by 1, 2
order by 1, 2

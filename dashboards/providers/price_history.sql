-- One row per step of days and SKU, of the eight most expensive: what an hour of it came to.
with daily as (
  select
    cost_date, sku, sum(cost) as cost, sum(usage_hours) as usage_hours
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, provider, account, region, resource_type, sku)
    and usage_hours > 0
  group by cost_date, sku
),
most_expensive as (
  select sku from daily group by sku order by sum(cost) desc limit 8
)
select
  $__timeGroupAlias(cost_date, $__interval),
  sku as metric,
  sum(cost) / sum(usage_hours) as value
from daily
join most_expensive using (sku)
group by 1, 2
order by 1, 2

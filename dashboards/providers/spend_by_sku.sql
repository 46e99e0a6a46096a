-- One row per SKU and meter: its cost and hours in the range, and what an hour of it came to.
with by_slice as (
  select dimension_id, sum(cost) as cost, sum(usage_hours) as usage_hours
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, provider, account, region, resource_type, sku)
  group by dimension_id
)
select
  provider, sku, meter, sum(cost) as cost, sum(usage_hours) as usage_hours,
  sum(cost) / nullif(sum(usage_hours), 0) as cost_per_hour
from by_slice
join mart.rpt_cost_dimension using (dimension_id)
group by provider, sku, meter
order by cost desc
limit 50

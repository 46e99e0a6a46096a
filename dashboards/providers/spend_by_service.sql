-- One row per service and kind of resource: its cost in the range.
with by_slice as (
  select dimension_id, sum(cost) as cost
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, provider, account, region, resource_type, sku)
  group by dimension_id
)
select service_name || ' · ' || resource_type as metric, sum(cost) as value
from by_slice
join mart.rpt_cost_dimension using (dimension_id)
group by service_name, resource_type
having sum(cost) <> 0
order by value desc
limit 12

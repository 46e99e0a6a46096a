-- One row per account and service: its cost in the range and its share of all that is shown.
with by_slice as (
  select dimension_id, sum(cost) as cost
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, provider, account, region, resource_type, sku)
  group by dimension_id
)
select
  account_id, provider, service_name, sum(cost) as cost,
  sum(cost) / nullif(sum(sum(cost)) over (), 0) as cost_share
from by_slice
join mart.rpt_cost_dimension using (dimension_id)
group by account_id, provider, service_name
order by cost desc

-- One row per account and service: its cost in the range and its share of all that is shown.
with by_slice as (
  select dimension_id, sum(cost) as cost
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and basis = ${basis:sqlstring} and currency = ${currency:sqlstring}
    and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
    and region in (${region:sqlstring}) and resource_type in (${resource_type:sqlstring})
    and sku in (${sku:sqlstring})
  group by dimension_id
)
select
  account_id, provider, service_name, sum(cost) as cost,
  sum(cost) / nullif(sum(sum(cost)) over (), 0) as cost_share
from by_slice
join mart.rpt_cost_dimension using (dimension_id)
group by account_id, provider, service_name
order by cost desc

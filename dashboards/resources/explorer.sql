-- One row per resource, those that cost most now first: what it is, whose, and what it costs.
with shown as (
  select resource.*, day.cost as day_cost
  from mart.rpt_resource as resource
  left join mart.rpt_resource_cost_day as day using (account_id, resource_id)
  where status in (${status:sqlstring}) and
    provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
    and team in (${team:sqlstring}) and region in (${region:sqlstring})
    and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
  order by day.cost desc nulls last, ended_at desc, resource_id
  limit 200
)
select
  resource_name as "Resource", resource_id as "Resource id", status as "Status",
  provider as "Provider", resource_type as "Type", sku as "SKU", region as "Region", team as "Team",
  started_at as "Started", ended_at as "Ended",
  day_cost as "Per day now", month.cost as "This month"
from shown
left join lateral (
  select cost
  from mart.rpt_resource_cost_month as month
  where month.account_id = shown.account_id and month.resource_id = shown.resource_id
) as month on true
order by day_cost desc nulls last, ended_at desc, resource_id

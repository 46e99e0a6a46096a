-- One row per resource, those that cost most now first: what it is, whose, and what it costs.
with shown as (
  select
    resource.*,
    (
      select cost from mart.rpt_resource_cost_day as day
      where day.account_id = resource.account_id and day.resource_id = resource.resource_id
    ) as day_cost
  from mart.rpt_resource as resource
  where $__filtered(provider, account, team, region, resource_type, sku)
    and status in (${status:sqlstring}) and resource_name ilike '%' || ${search:sqlstring} || '%'
  order by day_cost desc nulls last, ended_at desc, resource_id
  limit 200
)
select
  resource_name, resource_id, status, provider, resource_type, sku, region, team,
  to_char(started_at at time zone 'UTC', 'YYYY-MM-DD') as started_on,
  to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD') as ended_on,
  day_cost,
  (
    select cost from mart.rpt_resource_cost_month as month
    where month.account_id = shown.account_id and month.resource_id = shown.resource_id
  ) as month_cost
from shown
order by shown.day_cost desc nulls last, shown.ended_at desc, shown.resource_id

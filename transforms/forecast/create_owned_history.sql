-- The daily cost of each resource by owner in the reporting currency: one row per account, resource,
-- owner, SKU and UTC day. The one read of the marts that grows with history.
create temporary table owned_history on commit drop as
select
  account_id, resource_id, provider,
  coalesce(resource_type, '') as resource_type,
  team,
  coalesce(project, '(no project)') as project,
  coalesce(environment, '(no environment)') as environment,
  coalesce(cost_centre, '(no cost centre)') as cost_centre,
  coalesce(sku, '(no SKU)') as sku,
  cost_date,
  sum(reporting_cost) as cost
from mart.rpt_cost_owned_daily
where cost_date >= :'from'::date and cost_date < :'to'::date
group by
  account_id, resource_id, provider, resource_type, team, project, environment, cost_centre, sku,
  cost_date

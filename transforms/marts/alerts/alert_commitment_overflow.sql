-- One row per account, provider, SKU and region with servers beyond their commitment since the UTC
-- midnight before the last one. `value`: their server-hours, each billed at the on-demand price.
select
  fact.account_id,
  fact.provider,
  coalesce(resource.sku, 'unknown') as sku,
  coalesce(resource.region_id, 'unknown') as region,
  sum(fact.quantity) as value
from mart.fct_cost_daily as fact
left join mart.dim_resource as resource
  on resource.account_id = fact.account_id and resource.resource_id = fact.resource_id
  and resource.valid_to is null
where fact.meter = 'overflow-server-hours'
  and fact.cost_date >= (select (clock_at at time zone 'UTC')::date - 1 from mart.rpt_clock)
group by fact.account_id, fact.provider, resource.sku, resource.region_id

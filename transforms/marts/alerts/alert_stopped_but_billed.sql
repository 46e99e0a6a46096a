-- One row per resource that is stopped or has failed and still costs money. `value`: days since then.
select
  resource.account_id,
  resource.provider,
  resource.resource_type,
  resource.resource_id,
  coalesce(resource.name, resource.resource_id) as resource_name,
  resource.status,
  coalesce(owned.team, '(no team)') as team,
  round(extract(epoch from clock.clock_at - standing.since) / 86400, 3) as value
from mart.dim_resource as resource
cross join mart.rpt_clock as clock
cross join lateral (
  select mart.in_status_since(resource.account_id, resource.resource_id, resource.status) as since
) as standing
left join mart.resource_ownership as owned
  on owned.account_id = resource.account_id and owned.resource_id = resource.resource_id
  and owned.to_date = 'infinity'
where resource.valid_to is null
  and resource.status in ('stopped', 'failed')
  and mart.cost_per_month(
    resource.account_id, resource.resource_id, standing.since, clock.clock_at
  ) > 0

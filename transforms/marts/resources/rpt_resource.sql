-- One row per resource that was ever seen, as it is now or was at its end, with whose it is now.
-- `changed_at`: since when nothing about it has changed.
select
  resource.account_id,
  resource.resource_id,

  resource.provider,
  resource.service_name,
  resource.resource_type,
  coalesce(resource.name, resource.resource_id) as resource_name,
  resource.status,
  coalesce(resource.sku, '(none)') as sku,
  coalesce(resource.region_name, resource.region_id, '(none)') as region,
  resource.gpu_model,
  coalesce(owned.team, '(no team)') as team,
  coalesce(owned.project, '(none)') as project,
  coalesce(owned.environment, '(none)') as environment,

  resource.gpu_count,
  resource.vcpu_count,
  resource.memory_gib,

  resource.started_at,
  resource.ended_at,
  resource.valid_from as changed_at
from mart.dim_resource as resource
left join mart.resource_ownership as owned
  on owned.account_id = resource.account_id and owned.resource_id = resource.resource_id
  and owned.to_date = 'infinity'
where resource.valid_to is null

-- Intervals of the changed resources that are not so any more; kept with the time in which they were
-- believed.
with dropped as (
  delete from mart.dim_resource as held
  using (select distinct account_id, resource_id from changed_resource) as changed
  where held.account_id = changed.account_id and held.resource_id = changed.resource_id
    and not exists (
      select from desired_resource as wanted
      where wanted.account_id = held.account_id and wanted.resource_id = held.resource_id
        and wanted.valid_from = held.valid_from
        and (
          wanted.valid_to, wanted.provider, wanted.service_name, wanted.resource_type, wanted.name,
          wanted.status, wanted.sku, wanted.region_id, wanted.region_name, wanted.tags,
          wanted.gpu_model, wanted.gpu_count, wanted.vcpu_count, wanted.memory_gib,
          wanted.started_at, wanted.ended_at
        ) is not distinct from (
          held.valid_to, held.provider, held.service_name, held.resource_type, held.name,
          held.status, held.sku, held.region_id, held.region_name, held.tags,
          held.gpu_model, held.gpu_count, held.vcpu_count, held.memory_gib,
          held.started_at, held.ended_at
        )
    )
  returning held.*
)
insert into history.resource
select dropped.*, :'now'
from dropped
where dropped.recorded_at < :'now'

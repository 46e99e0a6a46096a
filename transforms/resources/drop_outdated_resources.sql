-- Intervals of the changed resources that are not so any more; kept with the time in which they were
-- believed.
with dropped as (
  delete from mart.dim_resource as held
  using (select distinct account_id, resource_id from changed_resource) as changed
  where held.account_id = changed.account_id and held.resource_id = changed.resource_id
    and not exists (
      select from expected_resource as expected
      where expected.account_id = held.account_id and expected.resource_id = held.resource_id
        and expected.valid_from = held.valid_from
        and (
          expected.valid_to, expected.provider, expected.service_name, expected.resource_type, expected.name,
          expected.status, expected.sku, expected.region_id, expected.region_name, expected.tags,
          expected.gpu_model, expected.gpu_count, expected.vcpu_count, expected.memory_gib,
          expected.started_at, expected.ended_at
        ) is not distinct from (
          held.valid_to, held.provider, held.service_name, held.resource_type, held.name,
          held.status, held.sku, held.region_id, held.region_name, held.tags,
          held.gpu_model, held.gpu_count, held.vcpu_count, held.memory_gib,
          held.started_at, held.ended_at
        )
    )
  returning held.*
)
insert into history.resource (
  account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name, status,
  sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib, started_at,
  ended_at, source_version, recorded_at, superseded_at
)
select
  account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name, status,
  sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib, started_at,
  ended_at, source_version, recorded_at, :'now'
from dropped
where dropped.recorded_at < :'now'

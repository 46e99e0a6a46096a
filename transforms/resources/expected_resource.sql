-- How the changed resources should be described in dim_resource.
-- Input resource_state: one product's resources.
insert into expected_resource (
  account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name,
  status, sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
  started_at, ended_at, source_version
)
select
  state.account_id, state.resource_id, state.valid_from, state.valid_to, state.provider,
  state.service_name, state.resource_type, state.name, state.status, state.sku, state.region_id,
  state.region_name, state.tags, state.gpu_model, state.gpu_count, state.vcpu_count,
  state.memory_gib, state.started_at, state.ended_at, state.source_version
from (select distinct account_id, resource_id from changed_resource) as changed
cross join lateral (
  -- The fence keeps the look-up by resource: the planner would work out the whole view instead.
  select *
  from resource_state as candidate
  where candidate.account_id = changed.account_id
    and candidate.resource_id = changed.resource_id
  offset 0
) as state

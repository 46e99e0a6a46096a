-- How the changed resources should look in dim_resource. `state` stands for one product's
-- resource_state view.
insert into desired_resource (
  account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name,
  status, sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
  started_at, ended_at, source_version
)
select
  state.account_id, state.resource_id, state.valid_from, state.valid_to, state.provider,
  state.service_name, state.resource_type, state.name, state.status, state.sku, state.region_id,
  state.region_name, state.tags, state.gpu_model, state.gpu_count, state.vcpu_count,
  state.memory_gib, state.started_at, state.ended_at, state.source_version
from state
join (select distinct account_id, resource_id from changed_resource) as changed
  using (account_id, resource_id)

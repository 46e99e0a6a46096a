-- After the interval in which an account ended, its resources are `ended`.
insert into expected_resource (
  account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name,
  status, sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
  started_at, ended_at, source_version
)
select
  state.account_id, state.resource_id, account.ends_at, null, state.provider, state.service_name,
  state.resource_type, state.name, 'ended', state.sku, state.region_id, state.region_name,
  state.tags, state.gpu_model, state.gpu_count, state.vcpu_count, state.memory_gib,
  state.started_at, state.ended_at, state.source_version
from expected_resource as state
join landing.account using (account_id)
where state.valid_to = account.ends_at and state.ended_at = account.ends_at

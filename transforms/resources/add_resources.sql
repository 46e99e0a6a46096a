insert into mart.dim_resource (
  account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name,
  status, sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
  started_at, ended_at, source_version, recorded_at
)
select
  account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name,
  status, sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
  started_at, ended_at, source_version, :'now'
from expected_resource
on conflict (account_id, resource_id, valid_from) do nothing

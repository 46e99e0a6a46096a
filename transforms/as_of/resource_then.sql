-- How resources were described at the instant.
select * from mart.dim_resource where recorded_at <= :'as_of'
union all
select
  account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name,
  status, sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
  started_at, ended_at, source_version, recorded_at
from history.resource
where recorded_at <= :'as_of' and superseded_at > :'as_of'

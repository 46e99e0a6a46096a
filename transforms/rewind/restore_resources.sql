-- Rows of dim_resource that held at :'to' and were replaced after it: one each, back from the history.
with restored as (
  delete from history.resource
  where recorded_at <= :'to' and superseded_at > :'to'
  returning
    account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name,
    status, sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
    started_at, ended_at, source_version, recorded_at
)
insert into mart.dim_resource (
  account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name,
  status, sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
  started_at, ended_at, source_version, recorded_at
)
select * from restored

-- One row per version of a size of virtual machine. Memory comes in MB, read as MiB.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  version.payload ->> 'name' as sku,
  gpu.model as gpu_model,

  (version.payload ->> 'vcpu')::numeric as vcpu_count,
  trim_scale((version.payload ->> 'memory')::numeric / 1024) as memory_gib,
  (version.payload ->> 'disk')::numeric as disk_gb,
  coalesce(gpu.quantity, 0) as gpu_count,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
left join lateral (
  select count(*)::integer as quantity, min(device ->> 'spec') as model
  from jsonb_array_elements(
    case jsonb_typeof(version.payload -> 'pciDevices')
      when 'array' then version.payload -> 'pciDevices'
    end
  ) as device
  where device ->> 'type' = 'gpu'
) as gpu on true
where version.entity = 'flexvm.instance_type'

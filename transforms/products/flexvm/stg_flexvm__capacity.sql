-- One row per version of what a FlexVM cloud holds, and of what all of them hold (cloud_id null).
-- Memory comes in MB, read as MiB.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.payload ->> 'id' as cloud_id,

  version.payload ->> 'site' as region_id,
  version.payload ->> 'instance_type' as node_sku,

  (version.payload ->> 'nodes')::numeric as nodes,
  (version.payload #>> '{resources,vcpu,total}')::numeric as vcpus_total,
  (version.payload #>> '{resources,vcpu,in_use}')::numeric as vcpus_used,
  trim_scale((version.payload #>> '{resources,memory,total}')::numeric / 1024) as memory_gib_total,
  trim_scale((version.payload #>> '{resources,memory,in_use}')::numeric / 1024) as memory_gib_used,
  gpu.total as gpus_total,
  gpu.used as gpus_used,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
left join lateral (
  select
    sum((device ->> 'total')::numeric) as total,
    sum((device ->> 'in_use')::numeric) as used
  from jsonb_array_elements(
    case jsonb_typeof(version.payload #> '{resources,pci_devices}')
      when 'array' then version.payload #> '{resources,pci_devices}'
    end
  ) as device
  where device ->> 'type' = 'gpu'
) as gpu on true
where version.entity in ('flexvm.capacity', 'flexvm.cloud_capacity')

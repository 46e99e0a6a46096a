-- One row per version of a virtual machine, as the VM list tells it or (is_listed false) as the
-- report of a month does. The same facts have other names there; sizes and devices only the list
-- has. (No WITH: PostgreSQL would not look up single VMs through it.)
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as vm_id,
  coalesce(version.payload ->> 'cloud_id', version.payload -> 'cloud' ->> 'id') as cloud_id,
  version.payload -> 'node' ->> 'id' as node_id,

  version.payload ->> 'name' as name,
  case version.payload ->> 'status'
    when 'provisioning' then 'provisioning'
    when 'created' then 'provisioning'
    when 'stopping' then 'stopped'
    when 'stopped' then 'stopped'
    when 'paused' then 'stopped'
    when 'failed' then 'failed'
    when 'deleting' then 'releasing'
    when 'deleted' then 'ended'
    else 'running'
  end as status,
  coalesce(version.payload ->> 'plan', told.instance_type ->> 'name') as sku,
  coalesce(version.payload ->> 'site', version.payload -> 'cloud' ->> 'site') as region_id,
  coalesce(version.payload -> 'image' ->> 'name', version.payload ->> 'image') as image,
  coalesce(
    (
      select array_agg(tag order by tag collate "C")
      from jsonb_array_elements_text(
        case jsonb_typeof(version.payload -> 'tags') when 'array' then version.payload -> 'tags' end
      ) as tag
    ),
    '{}'
  ) as tags,
  (
    select min(device ->> 'spec')
    from jsonb_array_elements(told.devices) as device
    where device ->> 'type' = 'gpu'
  ) as gpu_model,

  (told.instance_type ->> 'vcpu')::numeric as vcpu_count,
  trim_scale((told.instance_type ->> 'memory')::numeric / 1024) as memory_gib,
  case when told.is_listed then (
    select count(*)::integer
    from jsonb_array_elements(told.devices) as device
    where device ->> 'type' = 'gpu'
  ) end as gpu_count,

  told.is_listed,

  case
    when told.created_text ~ '^\d+$' then to_timestamp(nullif(told.created_text::numeric, 0))
    else nullif(told.created_text, '')::timestamptz
  end as created_at,
  case
    when told.released_text ~ '^\d+$' then to_timestamp(nullif(told.released_text::numeric, 0))
    else nullif(told.released_text, '')::timestamptz
  end as released_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral (
  select
    version.entity = 'flexvm.vm' as is_listed,
    version.payload -> 'instance_type' as instance_type,
    case jsonb_typeof(version.payload -> 'instance_type' -> 'pciDevices')
      when 'array' then version.payload -> 'instance_type' -> 'pciDevices'
    end as devices,
    coalesce(version.payload ->> 'created_at', version.payload ->> 'createdAt') as created_text,
    coalesce(
      version.payload ->> 'released_at', version.payload ->> 'deleted_at',
      version.payload ->> 'deletedAt'
    ) as released_text
) as told
where version.entity in ('flexvm.vm', 'flexvm.report_vm_life')

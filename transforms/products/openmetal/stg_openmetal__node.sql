-- One row per version of a node of a cloud; memory from MiB. Its dates carry no zone: UTC is meant.
-- `assigned_at` is when the node joined the cloud; its creation date is the vendor's purchase.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as node_id,
  version.slice as cloud_id,

  version.payload ->> 'hostname' as hostname,
  version.payload ->> 'type' as node_type,
  coalesce(version.payload ->> 'power_state' = 'power off', false) as is_powered_off,

  (version.payload ->> 'cpu')::numeric as vcpu_count,
  trim_scale((version.payload #>> '{properties,memory,physical_mb}')::numeric / 1024) as memory_gib,

  case
    when version.payload ->> 'assigned_date' ~ '(Z|[+-]\d\d:\d\d)$'
      then (version.payload ->> 'assigned_date')::timestamptz
    else (version.payload ->> 'assigned_date')::timestamp at time zone 'UTC'
  end as assigned_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'openmetal.node'

-- One row per version of a volume's fill level; the slice is the volume's id.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.payload ->> 'id' as resource_id,

  (version.payload ->> 'size_in_gb')::numeric as size_gb,
  (version.payload ->> 'used_capacity_bytes')::numeric as used_bytes,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'voltage_park.storage_volume_detail'

-- One row per version of a shared storage volume. The provider tells no creation time.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  version.payload ->> 'name' as name,
  case version.payload ->> 'status' when 'inactive' then 'stopped' else 'running' end as status,

  (version.payload ->> 'size_in_gb')::numeric as size_gb,
  (version.payload ->> 'rate_hourly')::numeric as storage_usd_per_hour,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'voltage_park.storage_volume'

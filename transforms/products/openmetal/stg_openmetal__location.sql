-- One row per version of a datacenter, named by its pod.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as region_id,

  coalesce(version.payload ->> 'displayName', version.payload ->> 'label') as region_name,
  version.payload ->> 'release_status' = 'released' as is_released,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'openmetal.location'

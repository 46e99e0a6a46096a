-- One row per version of a cloud's state. Its dates carry no zone: UTC is meant.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.slice as cloud_id,

  version.payload ->> 'name' as name,
  version.payload ->> 'cloud_state' as cloud_state,
  coalesce((version.payload ->> 'maintenance')::boolean, false) as is_in_maintenance,

  case
    when version.payload ->> 'creation_date' ~ '(Z|[+-]\d\d:\d\d)$'
      then (version.payload ->> 'creation_date')::timestamptz
    else (version.payload ->> 'creation_date')::timestamp at time zone 'UTC'
  end as created_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'openmetal.cloud_stats'

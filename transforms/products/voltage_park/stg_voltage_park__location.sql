-- One row per version of a location: what it is called.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.payload ->> 'id' as location_id,

  nullif(
    concat_ws(
      ', ',
      version.payload ->> 'city', version.payload ->> 'region', version.payload ->> 'country'
    ),
    ''
  ) as location_name,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'voltage_park.location'

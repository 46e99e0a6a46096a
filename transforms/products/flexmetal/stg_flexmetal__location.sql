-- One row per version of a data centre.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  (version.payload ->> 'id')::numeric as location_id,

  version.payload ->> 'name' as region_id,
  version.payload ->> 'shortName' as short_name,
  version.payload ->> 'displayName' as display_name,
  version.payload ->> 'countryShortName' as country_code,
  version.payload ->> 'countryName' as country_name,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'flexmetal.location'

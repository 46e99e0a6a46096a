-- One row per version of an instance type and location that offers it: how much there is, in the
-- provider's words (high, medium, low, unavailable), since it tells no number.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  version.payload ->> 'name' as sku,
  place.value ->> 'name' as region_id,
  place.value ->> 'dcCode' as site,
  place.value ->> 'availability' as stock_level,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral jsonb_array_elements(
  case jsonb_typeof(version.payload -> 'locations')
    when 'array' then version.payload -> 'locations'
  end
) as place
where version.entity = 'flexmetal.plan'

-- One row per version of how much of an instance type a location has, in the provider's words.
select
  place.account_id,
  'i3d-flexmetal' as provider,
  'bare metal' as market,
  place.sku as offer,
  place.region_id,
  place.region_id as region_name,

  null::numeric as stock,
  null::text as stock_unit,
  place.stock_level,

  place.seen_from as valid_from,
  place.ended_at as valid_to
from staging.stg_flexmetal__plan_location as place

-- One row per version of the free stock of a hardware SKU at a pod, in servers.
select
  availability.account_id,
  'openmetal' as provider,
  'catalogue' as market,
  availability.sku as offer,
  availability.region_id,
  location.region_name,

  availability.free_servers as stock,
  'servers' as stock_unit,
  null::text as stock_level,

  availability.seen_from as valid_from,
  availability.ended_at as valid_to
from staging.stg_openmetal__availability as availability
left join staging.stg_openmetal__location as location
  on location.account_id = availability.account_id and location.region_id = availability.region_id
  and location.ended_at is null

-- One row per version of a hardware SKU in a pod's catalogue: the long-term rate, which rentals are
-- charged at, and the standard one as list price. Bills name the product, not the hardware.
select
  hardware.account_id,
  'openmetal' as provider,
  'catalogue' as market,
  hardware.sku as offer,
  hardware.addon_code as sku,
  hardware.region_id,
  location.region_name,
  null::text as gpu_model,

  0 as gpu_count,
  hardware.vcpu_count,
  hardware.memory_gib,
  hardware.usd_per_hour as price_per_hour,
  hardware.standard_usd_per_hour as list_price_per_hour,
  'USD' as billing_currency,

  hardware.seen_from as valid_from,
  hardware.ended_at as valid_to
from staging.stg_openmetal__hardware as hardware
left join staging.stg_openmetal__location as location
  on location.account_id = hardware.account_id and location.region_id = hardware.region_id
  and location.ended_at is null

-- One row per version of a pod's catalogue and thing that it sells which a cloud without a readable
-- bill may have: hardware by its SKU, IP blocks by their code.
select
  account_id,
  'node' as kind,
  sku,
  region_id,
  version_id,

  usd_per_hour,

  seen_from
from staging.stg_openmetal__hardware
union all
select account_id, 'ip-block', addon_code, region_id, version_id, usd_per_hour, seen_from
from staging.stg_openmetal__addon_price
where addon_group = 'ip_block'

-- One row per asset that was ever billed: what the newest log that has it says of it, on the cloud
-- that holds it now or held it last.
select distinct on (account_id, resource_id)
  account_id,
  resource_id,
  cloud_id,
  min(first_version_id) over asset as first_version_id,

  name,
  addon_code,
  kind,
  node_ids,

  usd_per_hour,

  min(created_at) over asset as created_at,
  removed_at
from intermediate.int_openmetal__asset_stay
window asset as (partition by account_id, resource_id)
order by account_id, resource_id, seen_from desc, version_id desc

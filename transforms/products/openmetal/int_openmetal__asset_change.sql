-- One row per version of an asset's log: what of it differs from the version before. All its charges
-- may be others from `redefined_from` on (null: the facts of its hours are the same), and those after
-- `removal_at`, where it was removed or had been (null: neither).
select
  asset.account_id,
  asset.asset_id as resource_id,
  asset.cloud_id,
  asset.version_id,

  case
    when (asset.created_at, asset.addon_code, asset.usd_per_hour, asset.node_ids, asset.cloud_id)
      is distinct from (
        former.created_at, former.addon_code, former.usd_per_hour, former.node_ids, former.cloud_id
      )
      then least(asset.created_at, former.created_at)
  end as redefined_from,
  least(asset.removed_at, former.removed_at) as removal_at,
  asset.created_at
from staging.stg_openmetal__asset_log as asset
left join lateral (
  select earlier.*
  from staging.stg_openmetal__asset_log as earlier
  where earlier.account_id = asset.account_id and earlier.record_key = asset.record_key
    and (earlier.seen_from, earlier.version_id) < (asset.seen_from, asset.version_id)
  order by earlier.seen_from desc, earlier.version_id desc
  limit 1
) as former on true

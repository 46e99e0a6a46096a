-- One row per asset that was ever billed on a cloud, as the log stated it last. An asset that left
-- the log without a word counts as removed when it was last seen; one that ever held a node is a
-- server, also when its node was taken from it.
select
  asset.account_id,
  asset.asset_id as resource_id,
  asset.cloud_id,
  history.first_version_id,

  asset.name,
  asset.addon_code,
  case when history.was_server then 'server' else asset.kind end as kind,
  asset.node_ids,

  asset.usd_per_hour,

  asset.created_at,
  coalesce(asset.removed_at, case when asset.ended_because = 'gone' then asset.seen_to end)
    as removed_at
from staging.stg_openmetal__asset_log as asset
cross join lateral (
  select min(former.version_id) as first_version_id, bool_or(former.kind = 'server') as was_server
  from staging.stg_openmetal__asset_log as former
  where former.account_id = asset.account_id and former.record_key = asset.record_key
) as history
where not exists (
  select from landing.version as later
  where later.account_id = asset.account_id
    and later.entity = 'openmetal.asset_log'
    and later.record_key = asset.record_key
    and (later.seen_from, later.version_id) > (asset.seen_from, asset.version_id)
)

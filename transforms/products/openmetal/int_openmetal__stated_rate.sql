-- One row per version of an asset's log: its rate, by the version that first stated it, and the
-- largest share by which it can have changed since the version before, rounded to cents as rates are
-- (null: there is none).
select
  account_id,
  asset_id as resource_id,
  cloud_id,
  min(version_id) over (partition by account_id, record_key, usd_per_hour) as version_id,

  usd_per_hour,
  (abs(usd_per_hour - lag(usd_per_hour) over history) + 0.005)
    / nullif(least(usd_per_hour, lag(usd_per_hour) over history), 0) as change_share,

  seen_from
from staging.stg_openmetal__asset_log
window history as (partition by account_id, record_key order by seen_from, version_id)

-- One row per version of an asset's log: its rate, by the version that first stated it, and the
-- largest share by which it can have changed since the version before, rounded to cents as rates are
-- (null: there is none). It is the rate of the terms that end after `valid_from` and at or before
-- `valid_to`: the last one stated before a term's end, or the first one of all.
select
  account_id,
  record_key as resource_id, -- the keys of every window, so that a look-up goes through them
  slice as cloud_id,
  min(version_id) over (partition by account_id, record_key, slice, usd_per_hour) as version_id,

  usd_per_hour,
  case
    when lag(usd_per_hour) over history is not null then least(
      (abs(usd_per_hour - lag(usd_per_hour) over history) + 0.005)
        / nullif(least(usd_per_hour, lag(usd_per_hour) over history), 0),
      1000 -- a rate that was almost nothing says nothing about others
    )
  end as change_share,

  seen_from,
  case when lag(seen_from) over history is null then '-infinity' else seen_from end as valid_from,
  coalesce(lead(seen_from) over history, 'infinity') as valid_to
from staging.stg_openmetal__asset_log
window history as (partition by account_id, record_key, slice order by seen_from, version_id)

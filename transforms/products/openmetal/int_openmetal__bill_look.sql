-- One row per cloud that ever showed a bill: the last look at it that is sure to have read it. An
-- answer that repeated the one before, byte for byte, moves nothing and does not count.
select
  look.account_id,
  look.cloud_id,

  max(look.read_at) as read_at
from (
  select account_id, cloud_id, coalesce(seen_to, seen_from) as read_at
  from staging.stg_openmetal__subscription
  union all
  select account_id, cloud_id, seen_from
  from staging.stg_openmetal__asset_usage
  where ended_at is null
  union all
  select account_id, cloud_id, seen_from
  from staging.stg_openmetal__asset_log
  where ended_at is null
  union all
  -- An answer that left an asset out, and had a bill.
  select asset.account_id, asset.cloud_id, asset.ended_at
  from staging.stg_openmetal__asset_log as asset
  join staging.stg_openmetal__subscription as bill using (account_id, cloud_id)
  where asset.ended_because = 'gone'
    and bill.seen_from <= asset.ended_at
    and (
      coalesce(bill.ended_at > asset.ended_at, true)
      or bill.ended_at = asset.ended_at and bill.ended_because = 'changed'
    )
) as look
group by look.account_id, look.cloud_id

-- One row per version of a cloud's bill: from when on the charges of the cloud may be others than by
-- the version before (`-infinity`: all of them, for it is the first bill).
select
  bill.account_id,
  bill.cloud_id,
  bill.version_id,

  case
    when former.version_id is null or not former.is_billing then '-infinity'
    else least(
      bill.term_ends_at,
      case when bill.term_starts_at <> former.term_starts_at
        then least(bill.term_starts_at, former.term_starts_at) end,
      case when bill.subscription_id is distinct from former.subscription_id
        then former.term_starts_at end,
      case
        when bill.activated_at is distinct from former.activated_at
          then least(bill.activated_at, former.activated_at)
      end
    )
  end as changed_from,
  bill.activated_at is distinct from former.activated_at as is_activated_anew
from staging.stg_openmetal__subscription as bill
left join lateral (
  select
    earlier.version_id, earlier.is_billing, earlier.activated_at, earlier.term_starts_at,
    earlier.subscription_id
  from staging.stg_openmetal__subscription as earlier
  where earlier.account_id = bill.account_id and earlier.slice = bill.slice
    and (earlier.seen_from, earlier.version_id) < (bill.seen_from, bill.version_id)
  order by earlier.seen_from desc, earlier.version_id desc
  limit 1
) as former on true

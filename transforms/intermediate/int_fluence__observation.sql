-- One row per observation of a machine, beside what was known before it: the higher counter and the
-- later boundary of the two observations before. Two, because one answer may come from a copy that
-- lags: growth back to a value already charged is then no second charge.
select
  seen.account_id,
  seen.resource_id,
  seen.version_id,
  former.version_id as former_version_id,

  seen.sku,
  seen.region_id,
  seen.currency,
  coalesce(former.total_spent, 0) = 0 as is_uncharged_before,

  seen.gpu_count,
  seen.price_per_epoch,
  former.price_per_epoch as former_price_per_epoch,
  seen.total_spent,
  former.total_spent as former_total_spent,

  case when former.total_spent > 0 then former.next_billing_at else seen.created_at end
    as uncharged_from, -- where the first epoch begins that no earlier observation has charged
  seen.next_billing_at,
  former.next_billing_at as former_next_billing_at,
  seen.seen_from,
  seen.ended_at,
  seen.ended_because
from staging.stg_fluence__vm as seen
left join lateral (
  select
    (array_agg(earlier.version_id order by earlier.total_spent desc, earlier.seen_from desc))[1]
      as version_id,
    (array_agg(earlier.price_per_epoch order by earlier.seen_from desc, earlier.version_id desc))[1]
      as price_per_epoch,
    max(earlier.total_spent) as total_spent,
    max(earlier.next_billing_at) as next_billing_at
  from (
    select version_id, price_per_epoch, total_spent, next_billing_at, seen_from
    from staging.stg_fluence__vm as vm
    where vm.account_id = seen.account_id
      and vm.resource_id = seen.resource_id
      and (vm.seen_from, vm.version_id) < (seen.seen_from, seen.version_id)
    order by vm.seen_from desc -- as the index has it
    limit 2
  ) as earlier
) as former on true

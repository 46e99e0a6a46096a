-- One row per observation of a machine, beside what was known before it: the higher counter and the
-- later boundary of the two observations before. Two, because one answer may come from a copy that
-- lags: growth back to a value already charged is then no second charge. A copy that lags shows an
-- earlier boundary, too; a counter that falls while its boundary stays has started again from the
-- lower value, and what was known before the fall does not count any more.
--
-- `epochs` have begun since, by the boundaries: 0 where the next billing instant did not move on or
-- lies too far ahead of the observation to be believed. Of a machine not charged before, the counter
-- decides about the first: where it is exactly one epoch's price short of the boundaries, billing
-- began with the activation and not with the creation, and there is no cut-short first epoch.
select
  seen.account_id,
  seen.resource_id,
  seen.version_id,
  former.version_id as former_version_id,

  seen.sku,
  seen.region_id,
  seen.currency,
  first.is_uncharged_before,
  coalesce(
    seen.total_spent < former.total_spent and seen.next_billing_at >= former.next_billing_at, false
  ) as is_restart,

  seen.gpu_count,
  seen.price_per_epoch,
  former.price_per_epoch as former_price_per_epoch,
  seen.total_spent,
  former.total_spent as former_total_spent,
  former.last_seen_at as former_seen_at,

  case when first.is_uncharged_before then seen.created_at else former.next_billing_at end
    as uncharged_from, -- where the first epoch begins that no earlier observation has charged
  seen.next_billing_at,
  former.next_billing_at as former_next_billing_at,
  case
    when seen.next_billing_at > seen.seen_from + interval '2 days' then 0
    when first.is_uncharged_before
      and since_creation.epochs > 1
      and seen.total_spent = (since_creation.epochs - 1) * seen.price_per_epoch
      then since_creation.epochs - 1
    when first.is_uncharged_before then since_creation.epochs -- the first epoch is cut short
    else greatest(
      0, -- whole epochs, but for a second or so between two boundaries
      round(extract(epoch from seen.next_billing_at - former.next_billing_at) / 86400)
    )
  end::integer as epochs,
  seen.seen_from,
  seen.ended_at,
  seen.ended_because
from staging.stg_fluence__vm as seen
left join lateral (
  select
    (
      array_agg(version_id order by total_spent desc, seen_from desc)
        filter (where not is_before_restart)
    )[1] as version_id,
    (array_agg(price_per_epoch order by seen_from desc, version_id desc))[1] as price_per_epoch,
    max(total_spent) filter (where not is_before_restart) as total_spent,
    max(next_billing_at) filter (where not is_before_restart) as next_billing_at,
    max(coalesce(seen_to, seen_from)) as last_seen_at,
    bool_or(is_before_restart) as has_restarted
  from (
    select
      latest.*,
      coalesce(
        lead(total_spent) over in_order < total_spent
          and lead(next_billing_at) over in_order >= next_billing_at,
        false
      ) as is_before_restart
    from (
      select version_id, price_per_epoch, total_spent, next_billing_at, seen_from, seen_to
      from staging.stg_fluence__vm as vm
      where vm.account_id = seen.account_id
        and vm.resource_id = seen.resource_id
        and (vm.seen_from, vm.version_id) < (seen.seen_from, seen.version_id)
      order by vm.seen_from desc -- as the index has it
      limit 2
    ) as latest
    window in_order as (order by seen_from, version_id)
  ) as earlier
) as former on true
cross join lateral (
  select
    coalesce(former.total_spent, 0) = 0 and former.has_restarted is not true as is_uncharged_before
) as first
cross join lateral (
  select greatest(
    0, ceil(extract(epoch from seen.next_billing_at - seen.created_at) / 86400)
  ) as epochs
) as since_creation

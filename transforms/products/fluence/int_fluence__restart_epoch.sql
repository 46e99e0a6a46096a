-- One row per epoch whose boundary passed between two looks while the counter started again from a
-- lower value: it was begun, so it was charged, but the counter that counted it can no longer be
-- read. Each is estimated at the price shown; it may have cost the price shown before, or nothing.
select
  fallen.account_id,
  fallen.resource_id,
  fallen.version_id,
  fallen.former_version_id,

  fallen.sku,
  fallen.region_id,
  fallen.currency,

  fallen.gpu_count,
  fallen.price_per_epoch,
  greatest(fallen.price_per_epoch, fallen.former_price_per_epoch) as uncertainty,

  case
    when step.number = 1 then fallen.uncharged_from
    else fallen.next_billing_at - (fallen.epochs - step.number + 1) * interval '24 hours'
  end as epoch_start,
  fallen.next_billing_at - (fallen.epochs - step.number) * interval '24 hours' as epoch_end,
  fallen.seen_from
from intermediate.int_fluence__observation as fallen
cross join lateral generate_series(1, fallen.epochs) as step (number)
where fallen.is_restart

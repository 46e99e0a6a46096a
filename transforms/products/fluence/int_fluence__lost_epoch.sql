-- One row per time a machine vanished after a boundary that it was not seen to cross: an epoch was
-- begun, so it was charged, but the counter can no longer be read. One epoch is estimated; the
-- number of boundaries says how far that can be off. Void once the machine is listed again.
with gone as (
  select
    observation.*,
    greatest(next_billing_at, former_next_billing_at) as epoch_start
  from intermediate.int_fluence__observation as observation
  where ended_because = 'gone'
    and next_billing_at <= seen_from + interval '2 days'
)
select
  gone.account_id,
  gone.resource_id,
  gone.version_id,

  gone.sku,
  gone.region_id,
  gone.currency,

  gone.gpu_count,
  gone.price_per_epoch,
  1 + floor(extract(epoch from gone.ended_at - gone.epoch_start) / 86400) as boundaries_passed,

  gone.epoch_start,
  gone.epoch_start + interval '24 hours' as epoch_end,
  gone.seen_from,
  gone.ended_at as missed_at,
  listed_again.seen_from as listed_again_at
from gone
left join lateral (
  select vm.seen_from
  from staging.stg_fluence__vm as vm
  where vm.account_id = gone.account_id
    and vm.resource_id = gone.resource_id
    and (vm.seen_from, vm.version_id) > (gone.seen_from, gone.version_id)
  order by vm.seen_from
  limit 1
) as listed_again on true
where gone.epoch_start <= gone.ended_at

-- One row per account: what its machines burn and what is reserved for them, in the columns of the
-- contract. No endpoint tells the balance, so it is unknown. What is known is how long each machine
-- runs if nothing more is paid: to its boundary, and on for the whole epochs that its reserve pays.
-- The reserve is filled up to at least one epoch after each boundary while the balance can bear it,
-- so `covered_until` less than an epoch away says that it could not.
select
  watermark.account_id,
  'fluence' as provider,
  'USDC' as billing_currency,
  null::numeric as balance,
  coalesce(sum(machine.reserved_amount), 0) as reserved_amount,
  coalesce(sum(machine.price_per_epoch), 0) / 24 as burn_per_hour,
  count(machine.resource_id) as resources,
  24::numeric as epoch_hours,
  min(
    machine.next_billing_at
      + floor(machine.reserved_amount / nullif(machine.price_per_epoch, 0)) * interval '24 hours'
  ) as covered_until,
  watermark.complete_at as looked_at
from landing.watermark as watermark
left join intermediate.int_fluence__reserve as machine
  on machine.account_id = watermark.account_id
where watermark.stream = 'fluence.vms'
group by watermark.account_id, watermark.complete_at

-- One row per listed machine: the boundary at which its next epoch is charged, what that costs at
-- the price shown last, and the epoch that is paid for and still runs.
select
  machine.account_id,
  'fluence' as provider,
  machine.resource_id,
  machine.name,
  machine.region_id,
  machine.region_name,
  machine.sku,

  machine.price_per_epoch as amount,
  machine.reserved_balance as reserved_amount,
  machine.currency as billing_currency,
  24::numeric as period_hours,

  machine.next_billing_at as charge_at
from staging.stg_fluence__vm as machine
where machine.ended_at is null

-- One row per resource that is charged by the epoch: when its next epoch begins and is charged,
-- what that costs at the price shown last, and what is left of the epoch that is paid for. A
-- boundary that passed since the last look is stepped over: the epoch it began is taken to be paid.
with stepped as (
  select
    charge.*,
    clock.clock_at,
    charge.charge_at + case
      when charge.charge_at <= clock.clock_at then
        (floor(extract(epoch from clock.clock_at - charge.charge_at) / 3600 / period_hours) + 1)
          * period_hours * interval '1 hour'
      else interval '0'
    end as next_charge_at
  from intermediate.next_charge as charge
  cross join mart.transform_state as clock
),
left_over as (
  select
    stepped.*,
    extract(epoch from next_charge_at - clock_at) / 3600 as hours
  from stepped
)
select
  account_id,
  provider,
  resource_id,
  coalesce(name, resource_id) as resource_name,
  sku,
  region_id,
  coalesce(region_name, region_id) as region_name,

  amount as next_charge,
  reserved_amount,
  billing_currency,
  period_hours as epoch_hours,
  round(hours, 3) as hours_left,
  round(amount * least(hours, period_hours) / period_hours, 9) as unused_amount,

  next_charge_at
from left_over

-- One row per commitment and period in which it has one capacity: what was agreed, until when, and
-- what is still to be paid for it, used or not. `days_left` is null while no end is reported, and 0
-- once it is over.
with placed as (
  select
    commitment.*,
    clock.clock_at,
    nullif(commitment.ends_at, 'infinity') as known_end_at
  from intermediate.commitment as commitment
  cross join mart.transform_state as clock
)
select
  account_id,
  provider,
  resource_id,
  contract_id,
  sku,
  region_id,
  region_name,
  case
    when starts_at > clock_at then 'to come'
    when ends_at <= clock_at then 'over'
    else 'running'
  end as state,

  capacity,
  price_per_hour,
  round(capacity * price_per_hour, 9) as cost_per_hour,
  round(
    capacity * price_per_hour
      * greatest(extract(epoch from known_end_at - greatest(starts_at, clock_at)) / 3600, 0),
    2
  ) as cost_to_come,
  billing_currency,
  case
    when known_end_at <= clock_at then 0
    else round(extract(epoch from known_end_at - clock_at) / 86400, 3)
  end as days_left,

  starts_at,
  known_end_at as ends_at
from placed

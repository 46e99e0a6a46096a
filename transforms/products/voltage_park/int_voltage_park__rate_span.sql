-- One row per inventory version and meter, with its neighbours: from when its rate holds, and what
-- came before and after it. The first version reaches back to the creation, but no further than the
-- reports that are read when an account is first read (the month and the one before).
select
  rate.*,
  row_number() over history = 1 as is_first,
  lead(rate.usd_per_hour) over history as next_usd_per_hour,
  lead(rate.owed_usd_per_hour) over history as next_owed_usd_per_hour,
  lead(rate.seen_from) over history as next_seen_from,
  case when lag(rate.ended_at) over history = rate.seen_from
    then lag(rate.known_until) over history end as former_known_until,
  case
    when row_number() over history = 1 and rate.created_at is not null then least(
      rate.seen_from,
      greatest(
        rate.created_at,
        (date_trunc('month', rate.seen_from at time zone 'UTC') - interval '1 month')
          at time zone 'UTC'
      )
    )
    else rate.seen_from
  end as valid_from
from intermediate.int_voltage_park__listed_rate as rate
window history as (
  partition by rate.account_id, rate.resource_id, rate.meter order by rate.seen_from
)

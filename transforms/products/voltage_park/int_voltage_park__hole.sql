-- One row per told part of a month that begins after a hole: the time since its instance began, or
-- since the month did, that no other part covers. A minute is none: transactions may open and
-- close that much beside what they bill.
select
  following.*,
  greatest(month_at, begun_at) as hole_from
from (
  select
    told.*,
    greatest(told.instance_started_at, max(told.covered_until) over earlier) as begun_at
  from intermediate.int_voltage_park__told_part as told
  window earlier as (
    partition by told.account_id, told.slice, told.resource_id, told.meter
    order by told.part_start_at, told.covered_until, told.record_key collate "C"
    rows between unbounded preceding and 1 preceding
  )
) as following
where begun_at is not null and part_start_at > greatest(month_at, begun_at) + interval '1 minute'

-- One row per told part of a month that begins after a hole: the time since its instance began, or
-- since the month did, that no other part covers. A minute is none: transactions may open and
-- close that much beside what they bill. `charged_usd_per_hour` is what the month's first part of
-- the same instance charges that is closed and follows no hole itself, else its first part of all:
-- an instance has one rate.
with told as (
  select
    part.*,
    greatest(part.instance_started_at, max(part.covered_until) over earlier) as begun_at
  from intermediate.int_voltage_park__told_part as part
  window earlier as (
    partition by part.account_id, part.slice, part.resource_id, part.meter
    order by part.part_start_at, part.covered_until, part.record_key collate "C"
    rows between unbounded preceding and 1 preceding
  )
),
following as (
  select
    told.*,
    coalesce(
      part_start_at > greatest(month_at, begun_at) + interval '1 minute', false
    ) as follows_hole
  from told
),
rated as (
  select
    following.*,
    first_value(charged_usd_per_hour) over of_instance as instance_usd_per_hour,
    first_value(version_id) over of_instance as instance_version_id
  from following
  window of_instance as (
    partition by account_id, slice, resource_id, meter, instance_id
    order by
      charged_usd_per_hour is null, follows_hole, not is_closed, part_start_at,
      record_key collate "C"
  )
)
select
  account_id, resource_id, meter, slice, record_key, part_start_at, covered_until, magnitude_usd,
  instance_usd_per_hour, instance_version_id,
  greatest(month_at, begun_at) as hole_from
from rated
where follows_hole

-- One row per current part of a charge in a month whose machine was listed while it ran: what its
-- running time costs at the rate that the machine itself states. A transaction has one rate where
-- the looks at it show one; else each version's rate holds until the next was seen. It bills from
-- where the one before it on its instance closed, else from the instance's start, however late it
-- was opened; but not the hole before it where its amount does not pay for that, because the
-- transaction of the hole is late itself.
with part as (
  select
    part.account_id, part.resource_id, part.meter, part.slice, part.record_key, part.version_id,
    part.month_start_at, part.magnitude_usd,
    greatest(
      part.month_start_at, coalesce(part.instance_started_at, part.interval_start_at),
      max(part.closed_at) over earlier
    ) as part_start_at,
    part.part_start_at as opened_at,
    least(part.part_end_at, look.complete_at) as covered_until
  from intermediate.int_voltage_park__billed_part as part
  join staging.stg_voltage_park__look as look
    on look.account_id = part.account_id and look.slice = part.slice
    and look.stream = 'voltage_park.monthly_report'
  where part.ended_at is null and part.has_duration and part.kind = 'cost'
  window earlier as (
    partition by part.account_id, part.resource_id, part.meter, part.slice,
      coalesce(part.instance_id, part.record_key)
    order by part.created_at, part.record_key
    rows between unbounded preceding and 1 preceding
  )
),
history as (
  select
    rate.*,
    lead(rate.usd_per_hour) over machine as next_usd_per_hour,
    case row_number() over machine when 1 then '-infinity' else rate.seen_from end as valid_from,
    coalesce(rate.ended_at, 'infinity') as valid_to
  from intermediate.int_voltage_park__listed_rate as rate
  window machine as (
    partition by rate.account_id, rate.resource_id, rate.meter order by rate.seen_from
  )
),
-- A part that ran where no look shows the rate, such as one between two looks, tells nothing.
sighted as (
  select
    part.*,
    history.usd_per_hour,
    history.version_id as listed_version_id,
    part.part_start_at <= history.known_until and history.seen_from <= part.covered_until
      as is_sight,
    extract(epoch from least(part.covered_until, history.valid_to)
      - greatest(part.part_start_at, history.valid_from)) as listed_seconds,
    greatest(0, extract(epoch from least(part.opened_at, history.valid_to)
      - greatest(part.part_start_at, history.valid_from))) as hole_seconds,
    greatest(0, extract(epoch from least(part.covered_until, history.valid_to)
      - greatest(part.part_start_at, history.known_until)))
      * abs(history.next_usd_per_hour - history.usd_per_hour) / 3600 as uncertainty_usd
  from part
  join history
    on history.account_id = part.account_id and history.resource_id = part.resource_id
    and history.meter = part.meter
    and history.valid_from < part.covered_until and part.part_start_at < history.valid_to
),
one_rate as (
  select
    sighted.*,
    case when min(usd_per_hour) filter (where is_sight) over of_part
        = max(usd_per_hour) filter (where is_sight) over of_part
      then min(usd_per_hour) filter (where is_sight) over of_part
      else usd_per_hour end as rated_usd_per_hour
  from sighted
  window of_part as (partition by account_id, slice, record_key)
),
rated as (
  select
    account_id, resource_id, meter, slice, record_key, version_id, month_start_at, magnitude_usd,
    extract(epoch from covered_until - part_start_at) as seconds,
    extract(epoch from greatest(opened_at, part_start_at) - part_start_at) as seconds_before,
    sum(listed_seconds) as listed_seconds,
    sum(hole_seconds) as hole_seconds,
    sum(listed_seconds * rated_usd_per_hour) / 3600 as rated_usd,
    sum(hole_seconds * rated_usd_per_hour) / 3600 as hole_usd,
    max(usd_per_hour) as usd_per_hour_max,
    coalesce(sum(uncertainty_usd), 0) as uncertainty_usd,
    array_agg(listed_version_id order by listed_version_id) as listed_versions
  from one_rate
  group by account_id, resource_id, meter, slice, record_key, version_id, month_start_at,
    magnitude_usd, covered_until, part_start_at, opened_at
  having bool_or(is_sight)
)
select
  account_id, resource_id, meter, slice, record_key, version_id, month_start_at, magnitude_usd,
  case when paid.for_hole then seconds else seconds - seconds_before end as seconds,
  case when paid.for_hole then listed_seconds else listed_seconds - hole_seconds end
    as listed_seconds,
  case when paid.for_hole then rated_usd else rated_usd - hole_usd end as rated_usd,
  usd_per_hour_max,
  uncertainty_usd,
  listed_versions
from rated
cross join lateral (select magnitude_usd >= rated_usd - hole_usd / 2 as for_hole) as paid

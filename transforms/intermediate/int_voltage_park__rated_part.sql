-- One row per current part of a charge in a month whose machine was listed while it ran: what its
-- running time costs at the rate that the machine itself states. A transaction has one rate where
-- the looks at it show one; else each version's rate holds until the next was seen. It bills from
-- where the one before it on its instance closed, else from the instance's start, however late it
-- was opened.
with part as (
  select
    part.account_id, part.resource_id, part.meter, part.slice, part.record_key, part.version_id,
    part.month_start_at, part.magnitude_usd,
    greatest(
      part.month_start_at, coalesce(part.instance_started_at, part.interval_start_at),
      max(part.closed_at) over earlier
    ) as part_start_at,
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
    greatest(0, extract(epoch from least(part.covered_until, history.valid_to)
      - greatest(part.part_start_at, history.known_until)))
      * abs(history.next_usd_per_hour - history.usd_per_hour) / 3600 as uncertainty_usd
  from part
  join history
    on history.account_id = part.account_id and history.resource_id = part.resource_id
    and history.meter = part.meter
    and history.valid_from < part.covered_until and part.part_start_at < history.valid_to
)
select
  account_id, resource_id, meter, slice, record_key, version_id, month_start_at, magnitude_usd,
  extract(epoch from covered_until - part_start_at) as seconds,
  sum(listed_seconds) as listed_seconds,
  case when min(usd_per_hour) filter (where is_sight) = max(usd_per_hour) filter (where is_sight)
    then sum(listed_seconds) * min(usd_per_hour) filter (where is_sight) / 3600
    else sum(listed_seconds * usd_per_hour) / 3600 end as rated_usd,
  max(usd_per_hour) as usd_per_hour_max,
  coalesce(sum(uncertainty_usd), 0) as uncertainty_usd,
  array_agg(listed_version_id order by listed_version_id) as listed_versions
from sighted
group by account_id, resource_id, meter, slice, record_key, version_id, month_start_at,
  magnitude_usd, covered_until, part_start_at
having bool_or(is_sight)

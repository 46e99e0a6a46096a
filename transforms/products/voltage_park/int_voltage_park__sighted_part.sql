-- One row per part of a charge and rate of its machine that holds in its time: for how many seconds,
-- how many of them before the charge was opened (`hole_seconds`), and by how much the step to the
-- next rate can be elsewhere. `is_sight`: a sync saw the rate while the part ran. Where all
-- sights show one rate, that is the rate of the whole part; else each rate holds until the next.
with sighted as (
  select
    part.*,
    rate.usd_per_hour,
    rate.version_id as listed_version_id,
    part.part_start_at <= rate.known_until and rate.seen_from <= part.covered_until as is_sight,
    extract(epoch from least(part.covered_until, span.valid_to)
      - greatest(part.part_start_at, span.valid_from)) as listed_seconds,
    greatest(0, extract(epoch from least(part.opened_at, span.valid_to)
      - greatest(part.part_start_at, span.valid_from))) as hole_seconds,
    greatest(0, extract(epoch from least(part.covered_until, span.valid_to)
      - greatest(part.part_start_at, rate.known_until)))
      * abs(rate.next_usd_per_hour - rate.usd_per_hour) / 3600 as uncertainty_usd
  from intermediate.int_voltage_park__chained_part as part
  join intermediate.int_voltage_park__rate_span as rate
    on rate.account_id = part.account_id and rate.resource_id = part.resource_id
    and rate.meter = part.meter
  cross join lateral (
    select
      case when rate.is_first then '-infinity' else rate.seen_from end as valid_from,
      coalesce(rate.ended_at, 'infinity') as valid_to
  ) as span
  where span.valid_from < part.covered_until and part.part_start_at < span.valid_to
)
select
  sighted.*,
  case when min(usd_per_hour) filter (where is_sight) over of_part
      = max(usd_per_hour) filter (where is_sight) over of_part
    then min(usd_per_hour) filter (where is_sight) over of_part
    else usd_per_hour end as rated_usd_per_hour
from sighted
window of_part as (partition by account_id, slice, record_key)

-- One row per current part of a charge in a month whose machine was listed while it ran: what its
-- running time costs at the rate that the machine itself states. A part that ran where no sync saw
-- the rate, such as one between two syncs, is left out. The time before it was opened counts unless
-- its amount does not pay for that, because the transaction of that time is late itself.
with rated as (
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
  from intermediate.int_voltage_park__sighted_part
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

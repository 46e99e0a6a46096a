-- One row per current charge for running time, month and meter that it covers: until when it is
-- known (the reading of its month's report while it is open, its end once closed). A charge that
-- does not say whether it is for compute or disk covers both. Money back covers no running time.
-- `charged_usd_per_hour` is what it charges per hour that it covers (null: less than a minute, or
-- which of the two meters it is for is not known).
select
  part.account_id,
  part.resource_id,
  covers.meter,
  part.slice,
  part.record_key,
  part.version_id,
  part.instance_id,
  part.month_start_at as month_at,
  part.month_end_at,
  part.instance_started_at,
  part.part_start_at,
  part.magnitude_usd,
  least(part.month_end_at, look.complete_at) as read_until,
  coverage.until_at as covered_until,
  case
    when covers.meter = part.meter and coverage.until_at >= part.part_start_at + interval '1 minute'
      then part.magnitude_usd * 3600 / extract(epoch from coverage.until_at - part.part_start_at)
  end as charged_usd_per_hour,
  coalesce(part.closed_at <= look.complete_at, false) as is_closed
from intermediate.int_voltage_park__current_part as part
join staging.stg_voltage_park__look as look
  on look.account_id = part.account_id and look.slice = part.slice
  and look.stream = 'voltage_park.monthly_report'
cross join lateral unnest(
  case part.meter when 'other-hours' then array['vm-hours', 'vm-storage-hours']
    else array[part.meter] end
) as covers (meter)
cross join lateral (
  select least(part.closed_at, part.month_end_at, look.complete_at) as until_at
) as coverage
where part.kind = 'cost' and not part.is_refund and part.interval_start_at is not null

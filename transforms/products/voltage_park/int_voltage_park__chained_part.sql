-- One row per current part of a charge for running time, with the time that it may bill: from where
-- the charge before it on its instance closed, else from the instance's start, however late it was
-- opened, until its end or the reading of its month's report.
select
  part.account_id, part.resource_id, part.meter, part.slice, part.record_key, part.version_id,
  part.month_start_at, part.magnitude_usd,
  greatest(
    part.month_start_at, coalesce(part.instance_started_at, part.interval_start_at),
    max(part.closed_at) over earlier
  ) as part_start_at,
  part.part_start_at as opened_at,
  least(part.part_end_at, look.complete_at) as covered_until
from intermediate.int_voltage_park__current_part as part
join staging.stg_voltage_park__look as look
  on look.account_id = part.account_id and look.slice = part.slice
  and look.stream = 'voltage_park.monthly_report'
where part.has_duration and part.kind = 'cost' and not part.is_refund
window earlier as (
  partition by part.account_id, part.resource_id, part.meter, part.slice,
    coalesce(part.instance_id, part.record_key)
  order by part.created_at, part.record_key collate "C"
  rows between unbounded preceding and 1 preceding
)

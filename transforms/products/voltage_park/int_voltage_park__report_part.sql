-- One row per version of the part of a transaction that belongs to one UTC calendar month, with the
-- stretch of the month in which it arose. The amount has the provider's own sign.
select
  line.account_id,
  line.slice,
  line.record_key,
  line.version_id,
  line.resource_id,
  line.instance_id,

  line.kind,
  line.meter,
  line.note,

  line.amount_usd,
  abs(line.amount_usd) as magnitude_usd,

  line.month_start_at,
  month.end_at as month_end_at,
  line.created_at,
  line.instance_started_at,
  line.interval_start_at,
  line.closed_at,
  greatest(line.interval_start_at, line.month_start_at) as part_start_at,
  least(line.closed_at, month.end_at) as part_end_at,
  greatest(
    line.month_start_at,
    least(coalesce(line.interval_start_at, line.created_at), month.end_at - interval '1 second')
  ) as stamped_at,
  line.kind <> 'other' and line.interval_start_at is not null
    and greatest(line.interval_start_at, line.month_start_at)
      < least(line.closed_at, month.end_at, line.seen_from) as has_duration,
  line.seen_from,
  line.seen_to,
  line.ended_at,
  line.ended_because
from staging.stg_voltage_park__report_transaction as line
cross join lateral (
  select (line.month_start_at at time zone 'UTC' + interval '1 month') at time zone 'UTC' as end_at
) as month

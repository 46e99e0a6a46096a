-- One row per account, stream and UTC day since it was expected first: how many of the day's hours
-- complete looks cover, how many were told of later, and how many nothing will tell of any more.
-- As of the last refresh of the reports; `meterhouse coverage` tells each hour.
with day as (
  select
    expectation.account_id,
    expectation.stream,
    expectation.is_metering,
    day_start,
    tstzrange(
      greatest(day_start, expectation.expected_from),
      least(day_start + interval '1 day', clock.clock_at, expectation.expected_until)
    ) as span
  from landing.expectation
  cross join mart.rpt_clock as clock
  cross join lateral generate_series(
    date_trunc('day', expectation.expected_from, 'UTC'),
    least(clock.clock_at, expectation.expected_until) - interval '1 microsecond',
    interval '1 day'
  ) as day_start
),
gap as (
  select account_id, stream, is_missing, tstzrange(starts_at, ends_at) as span
  from mart.coverage_gap
),
hurt as (
  select
    day.account_id,
    day.stream,
    day.day_start,
    gap.is_missing,
    sum(extract(epoch from upper(day.span * gap.span) - lower(day.span * gap.span))) / 3600 as hours
  from day
  join gap on gap.account_id = day.account_id and gap.stream = day.stream and gap.span && day.span
  group by day.account_id, day.stream, day.day_start, gap.is_missing
)
select
  day.account_id,
  day.stream,
  day.is_metering,
  (day.day_start at time zone 'UTC')::date as day,
  round(extract(epoch from upper(day.span) - lower(day.span)) / 3600, 2) as hours,
  round(coalesce(late.hours, 0), 2) as late_hours,
  round(coalesce(missing.hours, 0), 2) as missing_hours,
  case
    when missing.hours > 0 then 'missing'
    when late.hours > 0 then 'late'
    else 'collected'
  end as coverage
from day
left join hurt as late
  on late.account_id = day.account_id and late.stream = day.stream
  and late.day_start = day.day_start and not late.is_missing
left join hurt as missing
  on missing.account_id = day.account_id and missing.stream = day.stream
  and missing.day_start = day.day_start and missing.is_missing

-- One row per account, stream and UTC hour since it was first expected, and before that since its
-- fleet's first month: whether a complete look covers the hour (collected, or empty-confirmed when it
-- told of no records), or it was told of later (late), or never (missing: nothing will tell of it any
-- more; late as long as something may).
with gap as materialized (
  select * from mart.rpt_coverage_gap
),
begun as (
  select account_id, stream, min(starts_at) as from_at
  from gap
  group by account_id, stream
),
hour as (
  select
    expectation.account_id, expectation.stream, expectation.is_metering, hour_start,
    hour_start + interval '1 hour' <= expectation.expected_from as is_before_first
  from landing.expectation
  left join begun using (account_id, stream)
  cross join mart.transform_state as state
  cross join lateral generate_series(
    date_trunc('hour', least(expectation.expected_from, begun.from_at), 'UTC'),
    least(state.clock_at, expectation.expected_until) - interval '1 microsecond',
    interval '1 hour'
  ) as hour_start
)
select
  hour.account_id,
  hour.stream,
  hour.hour_start,
  case
    when gap.is_missing then 'missing'
    when gap.stream is not null or hour.is_before_first then 'late'
    when look.records = 0 then 'empty-confirmed'
    else 'collected'
  end as coverage
from hour
left join lateral (
  select gap.stream, bool_or(gap.is_missing) as is_missing
  from gap
  where gap.account_id = hour.account_id and gap.stream = hour.stream
    and gap.starts_at < hour.hour_start + interval '1 hour' and gap.ends_at > hour.hour_start
  group by gap.stream
) as gap on true
left join lateral (
  select sum(sweep.records) as records
  from landing.sweep
  where sweep.account_id = hour.account_id and sweep.stream = hour.stream
    and sweep.outcome = 'complete' and sweep.started_at = (
      select max(last_look.started_at)
      from landing.sweep as last_look
      where last_look.account_id = hour.account_id and last_look.stream = hour.stream
        and last_look.outcome = 'complete'
        and last_look.started_at < hour.hour_start + interval '1 hour'
    )
) as look on true

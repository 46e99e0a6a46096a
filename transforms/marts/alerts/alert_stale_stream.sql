-- One row per account and stream that is expected. `value`: the age of its last complete look, as a
-- multiple of its own limit. The slices of one run of a stream carry the same instant.
select
  expectation.account_id,
  expectation.stream,
  case when expectation.is_metering then 'yes' else 'no' end as carries_charges,
  trim_scale(round(extract(epoch from expectation.stale_after) / 3600, 2))::text as limit_hours,
  trunc(
    extract(epoch from clock.clock_at - coalesce(look.started_at, expectation.expected_from))
      / extract(epoch from expectation.stale_after),
    3
  ) as value
from landing.expectation
cross join mart.rpt_clock as clock
left join lateral (
  select sweep.started_at
  from landing.sweep
  where sweep.account_id = expectation.account_id and sweep.stream = expectation.stream
    and sweep.started_at <= clock.clock_at
  group by sweep.started_at
  having bool_and(sweep.outcome <> 'failed')
  order by sweep.started_at desc
  limit 1
) as look on true
where expectation.expected_until > clock.clock_at

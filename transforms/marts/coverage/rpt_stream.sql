-- One row per account and stream that is expected: when it was looked at last (all slices of one
-- run, none failed), how that stands to its limit, how the last attempt went, what it told, and what
-- of it waits in quarantine.
select
  expectation.account_id,
  expectation.stream,
  expectation.is_metering,
  case
    when look.looked_at is null then 'never read'
    when clock.clock_at - look.looked_at > expectation.stale_after then 'stale'
    when attempt.outcome = 'failed' then 'failing'
    else 'fresh'
  end as state,
  look.looked_at,
  round(extract(epoch from clock.clock_at - look.looked_at) / 3600, 2) as age_hours,
  round(extract(epoch from expectation.stale_after) / 3600, 2) as stale_after_hours,
  attempt.attempted_at,
  attempt.outcome as last_outcome,
  attempt.error as last_error,
  coalesce(told.records, 0) as records,
  coalesce(held.quarantined, 0) as quarantined
from landing.expectation
cross join mart.rpt_clock as clock
left join lateral (
  -- The slices of one run of a stream carry the same instant.
  select sweep.started_at as looked_at
  from landing.sweep
  where sweep.account_id = expectation.account_id and sweep.stream = expectation.stream
  group by sweep.started_at
  having bool_and(sweep.outcome <> 'failed')
  order by sweep.started_at desc
  limit 1
) as look on true
left join lateral (
  select sweep.started_at as attempted_at, sweep.outcome, sweep.error
  from landing.sweep
  where sweep.account_id = expectation.account_id and sweep.stream = expectation.stream
  order by sweep.started_at desc, sweep.sweep_id desc
  limit 1
) as attempt on true
left join (
  select account_id, stream, sum(records) as records
  from landing.watermark
  group by account_id, stream
) as told
  on told.account_id = expectation.account_id and told.stream = expectation.stream
left join (
  select account_id, stream, count(*) as quarantined
  from landing.quarantine
  where released_at is null
  group by account_id, stream
) as held
  on held.account_id = expectation.account_id and held.stream = expectation.stream
where expectation.expected_until > clock.clock_at

-- One row per account and stream, expected or asked: when it was last complete (its stalest slice) and
-- last tried, and what is in quarantine.
with recursive stream as (
  -- From one to the next by index: there are few streams and many sweeps.
  (select account_id, stream from landing.sweep order by account_id, stream limit 1)
  union all
  select following.account_id, following.stream
  from stream
  cross join lateral (
    select sweep.account_id, sweep.stream
    from landing.sweep
    where (sweep.account_id, sweep.stream) > (stream.account_id, stream.stream)
    order by sweep.account_id, sweep.stream
    limit 1
  ) as following
),
last_complete as (
  select account_id, stream, min(complete_at) as stalest_slice_at, max(complete_at) as complete_at,
    sum(records) as records
  from landing.watermark
  group by account_id, stream
),
last_attempt as (
  select stream.account_id, stream.stream, sweep.started_at as attempted_at, sweep.outcome, sweep.error
  from stream
  cross join lateral (
    select started_at, outcome, error
    from landing.sweep
    where account_id = stream.account_id and landing.sweep.stream = stream.stream
    order by started_at desc, sweep_id desc
    limit 1
  ) as sweep
),
held as (
  select account_id, stream, count(*) as quarantined
  from landing.quarantine
  where released_at is null
  group by account_id, stream
),
-- What is expected and was never asked, too: it is not collected.
expected as (
  select account_id, stream from landing.expectation
  union
  select account_id, stream from last_attempt
  except
  select account_id, stream
  from landing.expectation
  cross join mart.rpt_clock as clock
  where expectation.expected_until <= clock.clock_at
)
select
  expected.account_id,
  expected.stream,
  last_attempt.attempted_at,
  last_attempt.outcome as last_outcome,
  last_attempt.error as last_error,
  last_complete.complete_at,
  coalesce(last_complete.records, 0) as records,
  coalesce(held.quarantined, 0) as quarantined
from expected
left join last_attempt using (account_id, stream)
left join last_complete using (account_id, stream)
left join held using (account_id, stream)

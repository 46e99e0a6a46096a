-- The rows of rpt_freshness as they were at an instant: one per account and stream.
with complete_slice as (
  select distinct on (account_id, stream, slice)
    account_id, stream, started_at as complete_at, records
  from landing.sweep
  where started_at <= :'as_of' and outcome = 'complete'
  order by account_id, stream, slice, started_at desc, sweep_id desc
),
last_complete as (
  select account_id, stream, min(complete_at) as stalest_slice_at, max(complete_at) as complete_at,
    sum(records) as records
  from complete_slice
  group by account_id, stream
),
last_attempt as (
  select distinct on (account_id, stream)
    account_id, stream, started_at as attempted_at, outcome, error
  from landing.sweep
  where started_at <= :'as_of'
  order by account_id, stream, started_at desc, sweep_id desc
),
held as (
  select account_id, stream, count(*) as quarantined
  from landing.quarantine
  where first_seen_at <= :'as_of' and (released_at is null or released_at > :'as_of')
  group by account_id, stream
),
-- What is expected and was never asked, too: it is not collected.
expected as (
  select account_id, stream from landing.expectation
  where expected_from <= :'as_of'
  union
  select account_id, stream from last_attempt
  except
  select account_id, stream from landing.expectation where expected_until <= :'as_of'
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

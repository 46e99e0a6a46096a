-- Counts the sweeps of the hours since a day before the last count; without one, all of them. Each
-- expected stream's are found by index. A clock that was set back by more than a day is not followed.
with since as (
  select coalesce(max(hour_start) - interval '1 day', '-infinity') as hour_start
  from mart.sweep_hour
),
counted as (
  select
    sweep.account_id,
    sweep.stream,
    date_trunc('hour', sweep.started_at, 'UTC') as hour_start,
    count(*) as sweeps,
    count(*) filter (where sweep.outcome = 'failed') as failed,
    count(*) filter (where sweep.outcome = 'denied') as denied,
    sum(sweep.requests) as requests,
    sum(sweep.retries) as retries,
    sum(sweep.records_new + sweep.records_changed + sweep.records_gone) as records_changed,
    sum(sweep.records_quarantined) as records_quarantined,
    sum(sweep.duration_ms) as duration_ms,
    max(sweep.duration_ms) as longest_ms
  from landing.expectation
  join landing.sweep using (account_id, stream)
  where sweep.started_at >= (select hour_start from since)
  group by sweep.account_id, sweep.stream, date_trunc('hour', sweep.started_at, 'UTC')
)
insert into mart.sweep_hour as stored (
  account_id, stream, hour_start, sweeps, failed, denied, requests, retries, records_changed,
  records_quarantined, duration_ms, longest_ms
)
select
  account_id, stream, hour_start, sweeps, failed, denied, requests, retries, records_changed,
  records_quarantined, duration_ms, longest_ms
from counted
on conflict (hour_start, account_id, stream) do update set
  sweeps = excluded.sweeps,
  failed = excluded.failed,
  denied = excluded.denied,
  requests = excluded.requests,
  retries = excluded.retries,
  records_changed = excluded.records_changed,
  records_quarantined = excluded.records_quarantined,
  duration_ms = excluded.duration_ms,
  longest_ms = excluded.longest_ms
where stored.* is distinct from excluded.*

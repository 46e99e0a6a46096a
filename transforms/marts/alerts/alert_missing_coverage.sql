-- One row per account, stream that charges rest on and stretch without a look, in the last 24 hours,
-- of which its provider will not tell later (as `is_missing` in mart.rpt_coverage_gap, which reads all
-- looks). `value`: hours from when the look before had become stale.
with watched as (
  select
    expectation.account_id, expectation.stream, expectation.expected_from,
    expectation.stale_after, expectation.retells,
    least(clock.clock_at, expectation.expected_until) as clock_at,
    clock.clock_at - interval '24 hours' as from_at
  from landing.expectation
  cross join mart.rpt_clock as clock
  where expectation.is_metering and expectation.retells is not null
    and expectation.expected_until > clock.clock_at - interval '24 hours'
),
look as (
  select watched.account_id, watched.stream, before.started_at
  from watched
  cross join lateral (
    select sweep.started_at
    from landing.sweep
    where sweep.account_id = watched.account_id and sweep.stream = watched.stream
      and sweep.started_at <= watched.from_at
    group by sweep.started_at
    having bool_and(sweep.outcome <> 'failed')
    order by sweep.started_at desc
    limit 1
  ) as before
  union all
  select watched.account_id, watched.stream, sweep.started_at
  from watched
  join landing.sweep
    on sweep.account_id = watched.account_id and sweep.stream = watched.stream
    and sweep.started_at > watched.from_at and sweep.started_at <= watched.clock_at
  group by watched.account_id, watched.stream, sweep.started_at
  having bool_and(sweep.outcome <> 'failed')
),
seen as (
  select account_id, stream, started_at as seen_at from look
  union
  select account_id, stream, expected_from
  from watched
  where not exists (
    select from look
    where look.account_id = watched.account_id and look.stream = watched.stream
      and look.started_at <= watched.from_at
  )
),
stretch as (
  select
    watched.*,
    seen.seen_at,
    coalesce(
      lead(seen.seen_at) over (partition by seen.account_id, seen.stream order by seen.seen_at),
      watched.clock_at
    ) as until_at
  from seen
  join watched using (account_id, stream)
)
select
  account_id,
  stream,
  to_char((seen_at + stale_after) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') as starts_at,
  round(extract(epoch from until_at - seen_at - stale_after) / 3600, 2) as value
from stretch
where until_at - seen_at > retells

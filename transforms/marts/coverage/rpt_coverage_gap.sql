-- One row per account, stream and stretch of time without a complete look: from when the last one
-- had become stale until the next one. Healed when that one told what had happened meanwhile; else,
-- on a stream that charges rest on, it hides money: at the pace of the account's day before the gap,
-- `may_hide_cost` in the reporting currency. What was never observed before the first look is a gap
-- of its own, cut by month.
with edge as (
  select
    expectation.*,
    edge.seen_at,
    edge.next_seen_at,
    edge.is_first
  from landing.expectation
  cross join lateral (
    with run as materialized (
      -- The slices of one run of a stream carry the same instant. Each stream's are read by index.
      select sweep.started_at
      from landing.sweep
      where sweep.account_id = expectation.account_id and sweep.stream = expectation.stream
      group by sweep.started_at
      having bool_and(sweep.outcome <> 'failed')
    )
    select
      started_at as seen_at,
      lead(started_at) over (order by started_at) as next_seen_at,
      false as is_first
    from run
    union all
    select expectation.expected_from, min(started_at), true
    from run
    having min(started_at) is distinct from expectation.expected_from
  ) as edge
),
gap as (
  select
    edge.account_id, edge.stream, edge.is_metering, edge.retells,
    case when edge.is_first then edge.seen_at else edge.seen_at + edge.stale_after end
      as starts_at,
    coalesce(edge.next_seen_at, least(state.clock_at, edge.expected_until)) as ends_at,
    edge.next_seen_at is not null as is_over,
    coalesce(edge.next_seen_at, least(state.clock_at, edge.expected_until)) - edge.seen_at
      as unseen
  from edge
  cross join mart.transform_state as state
)
select
  gap.account_id,
  gap.stream,
  gap.starts_at,
  gap.ends_at,
  gap.is_metering,
  gap.is_over,
  gap.is_metering and gap.retells is not null and gap.unseen > gap.retells as is_missing,
  case
    when gap.is_metering and gap.retells is not null and gap.unseen > gap.retells
      then round(pace.cost_per_hour * extract(epoch from gap.ends_at - gap.starts_at) / 3600, 2)
    else 0
  end as may_hide_cost,
  false as is_before_first,
  false as can_be_collected
from gap
left join lateral (
  select sum(fact.reporting_cost) / 24 as cost_per_hour
  from mart.fct_cost_daily as fact
  where fact.account_id = gap.account_id
    and fact.cost_date = (gap.starts_at at time zone 'UTC')::date - 1
) as pace on true
where gap.starts_at < gap.ends_at
union all
select
  account_id, stream, starts_at, ends_at, true, true, true, may_hide_cost, true, can_be_collected
from mart.rpt_coverage_unobserved

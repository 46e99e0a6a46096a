-- One row per budget and period: the oldest sync of the streams that its costs rest on, and why they do
-- not report all of its cost (doubt null: they do; doubt_kind: the same in few stable words). `hidden_hours`:
-- the hours of the period that no sync or transform covers, each counted once; `gap_cost`: what its gaps may
-- hide of whole accounts (null: not known). Streams of all accounts count unless the scope names an account
-- or provider.
-- Input rpt_budget_clock (mart.rpt_budget_clock): the instants that budgets are judged at and known at.
-- Input rpt_budget_period (mart.rpt_budget_period): periods of the budgets.
with expected as (
  select
    period.budget_row_id, period.period_start,
    least(period.judged_at, period.period_end::timestamp at time zone 'UTC') as needed_until,
    case when period.growth_percent is null then period.period_start else period.before_start end
      as needed_from,
    expectation.account_id, expectation.stream, expectation.stale_after,
    coalesce(look.started_at, expectation.expected_from) as looked_at
  from rpt_budget_period as period
  left join landing.expectation
    on expectation.is_metering
    and expectation.expected_from <= period.judged_at
    and (period.scope ->> 'account' is null or expectation.account_id = period.scope ->> 'account')
    and (period.scope ->> 'provider' is null or exists (
      select from mart.dim_product as product
      where product.provider = period.scope ->> 'provider'
        and product.stream_prefix = split_part(expectation.stream, '.', 1)
    ))
  left join lateral (
    -- The slices of one run of a stream carry the same instant.
    select sweep.started_at
    from landing.sweep
    where sweep.account_id = expectation.account_id and sweep.stream = expectation.stream
      and sweep.started_at <= period.judged_at
    group by sweep.started_at
    having bool_and(sweep.outcome <> 'failed')
    order by sweep.started_at desc
    limit 1
  ) as look on true
),
doubt as (
  select budget_row_id, period_start, 1 as rank, 'not collected' as kind,
    'nothing of it is collected' as reason,
    null::timestamptz as from_at, null::timestamptz as to_at, null::numeric as gap_cost
  from expected
  where account_id is null
  union all
  select budget_row_id, period_start, 2, 'late sync',
    format('%s of %s was last read at %s', stream, account_id,
      to_char(looked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')),
    looked_at, needed_until, null
  from expected
  where needed_until - looked_at > stale_after
  union all
  -- Without a transform, what was read has not become cost: two hours are twelve runs of it.
  select distinct expected.budget_row_id, expected.period_start, 3, 'late transform',
    format('the last transform was at %s',
      to_char(clock.known_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')),
    clock.known_at, expected.needed_until, null::numeric
  from expected
  cross join rpt_budget_clock as clock
  where expected.needed_until - clock.known_at > interval '2 hours'
  union all
  select expected.budget_row_id, expected.period_start, 4, 'gap between syncs',
    format('%s of %s was not read from %s to %s', gap.stream, gap.account_id,
      to_char(gap.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'),
      to_char(gap.ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')),
    gap.starts_at, least(gap.ends_at, expected.needed_until), gap.may_hide_cost
  from expected
  join mart.rpt_coverage_gap as gap
    on gap.account_id = expected.account_id and gap.stream = expected.stream
  where gap.is_missing
    and gap.starts_at < expected.needed_until
    and gap.ends_at > expected.needed_from::timestamp at time zone 'UTC'
),
first_doubt as (
  select distinct on (budget_row_id, period_start) budget_row_id, period_start, kind, reason
  from doubt
  order by budget_row_id, period_start, rank, reason collate "C"
),
unread as (
  select
    budget_row_id, period_start,
    range_agg(tstzrange(greatest(from_at, period_start::timestamp at time zone 'UTC'), to_at))
      filter (where to_at > greatest(from_at, period_start::timestamp at time zone 'UTC')) as spans,
    case when not bool_or(gap_cost is null) then sum(gap_cost) end as gap_cost
  from doubt
  group by budget_row_id, period_start
),
bounded as (
  select
    unread.budget_row_id, unread.period_start, unread.gap_cost,
    (
      select coalesce(sum(extract(epoch from upper(span) - lower(span))), 0) / 3600
      from unnest(unread.spans) as span
    ) as hidden_hours
  from unread
),
looked as (
  select budget_row_id, period_start, min(looked_at) as stalest_look_at
  from expected
  group by budget_row_id, period_start
)
select
  looked.budget_row_id, looked.period_start, looked.stalest_look_at,
  first_doubt.reason as doubt,
  first_doubt.kind as doubt_kind,
  coalesce(bounded.hidden_hours, 0) as hidden_hours,
  bounded.gap_cost
from looked
left join first_doubt using (budget_row_id, period_start)
left join bounded using (budget_row_id, period_start)

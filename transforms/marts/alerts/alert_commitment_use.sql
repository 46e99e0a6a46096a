-- One row per commitment that runs now. `value`: percent of its server-hours of the last 7 whole UTC
-- days (or since it began) that servers used.
with period as (
  select
    clock_at,
    date_trunc('day', clock_at, 'UTC') - interval '7 days' as starts_at,
    date_trunc('day', clock_at, 'UTC') as ends_at
  from mart.rpt_clock
),
committed as (
  select
    term.account_id, term.provider, term.resource_id,
    sum(term.capacity * span.hours) as server_hours
  from intermediate.commitment as term
  cross join period
  cross join lateral (
    select extract(epoch from
      least(term.ends_at, period.ends_at) - greatest(term.starts_at, period.starts_at)
    ) / 3600 as hours
  ) as span
  where span.hours > 0
  group by term.account_id, term.provider, term.resource_id
  having bool_or(term.ends_at > period.clock_at) and sum(term.capacity * span.hours) > 0
),
unused as (
  select committed.account_id, committed.resource_id, sum(fact.quantity) as server_hours
  from committed
  cross join period
  join mart.fct_cost_daily as fact
    on fact.account_id = committed.account_id and fact.resource_id = committed.resource_id
    and fact.cost_date >= (period.starts_at at time zone 'UTC')::date
    and fact.cost_date < (period.ends_at at time zone 'UTC')::date
  where fact.meter = 'unused-commitment-hours'
  group by committed.account_id, committed.resource_id
)
select
  committed.account_id,
  committed.provider,
  committed.resource_id as commitment,
  trunc(100 - 100 * coalesce(unused.server_hours, 0) / committed.server_hours, 4) as value
from committed
left join unused using (account_id, resource_id)

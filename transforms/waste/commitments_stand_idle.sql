-- Waste: less than 90 % of a running commitment's hours were used in the last 30 days.
-- Kind: idle commitment
-- Action: move on-demand servers under the contract, or commit to less when it is renewed.
-- Counted: unused hours of the term that runs now, on its last 30 whole UTC days, for 730 of its hours. What
-- a former term or capacity left unused is past: nothing can save it.
with period as (
  select
    date_trunc('day', :'now'::timestamptz, 'UTC') - interval '30 days' as starts_at,
    date_trunc('day', :'now'::timestamptz, 'UTC') as ends_at
),
committed as (
  select
    term.account_id, term.pool_id,
    term.capacity, span.from_day, span.hours, term.capacity * span.hours as server_hours,
    term.starts_at
  from intermediate.int_flexmetal__pool_term as term
  cross join period
  cross join lateral (
    select
      whole.from_day,
      ((period.ends_at at time zone 'UTC')::date - whole.from_day) * 24 as hours
    from (
      select greatest(
        ((term.starts_at at time zone 'UTC') + interval '1 day' - interval '1 microsecond')::date,
        (period.starts_at at time zone 'UTC')::date
      ) as from_day
    ) as whole
  ) as span
  where span.hours > 0 and term.capacity > 0
    and term.starts_at <= :'now'::timestamptz and term.ends_at > :'now'::timestamptz
),
unused as (
  select
    fact.account_id, fact.resource_id,
    sum(fact.quantity) as server_hours, sum(fact.reporting_cost) as cost
  from mart.fct_cost_daily as fact
  join committed
    on committed.account_id = fact.account_id and committed.pool_id = fact.resource_id
  cross join period
  where fact.meter = 'unused-commitment-hours'
    and fact.cost_date >= committed.from_day
    and fact.cost_date < (period.ends_at at time zone 'UTC')::date
  group by fact.account_id, fact.resource_id
)
select
  committed.account_id,
  'i3d-flexmetal' as provider,
  committed.pool_id as resource_id,
  committed.pool_id as resource_name,
  greatest(committed.starts_at, period.starts_at) as since,
  round(unused.cost * 730 / committed.hours, 9) as cost_per_month,
  format(
    '%s %% of the committed server-hours of the last 30 days were used; on average %s of %s servers stood idle',
    round(100 - 100 * unused.server_hours / committed.server_hours, 1),
    round(unused.server_hours / committed.hours, 1), committed.capacity
  ) as evidence
from committed
cross join period
join unused
  on unused.account_id = committed.account_id and unused.resource_id = committed.pool_id
where unused.server_hours > 0.1 * committed.server_hours

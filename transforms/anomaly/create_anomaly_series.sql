-- One row per scope and UTC day that is known whole, from the scope's first cost in the window on; a
-- day without cost is one of cost 0. A day is left out of a scope when one of its accounts was not
-- looked at after it, or when a gap in its coverage hides what it cost: silence is not zero.
create temporary table anomaly_series on commit drop as
with owned as (
  select
    dimension.account_id, dimension.provider, coalesce(dimension.team, '(no team)') as team,
    coalesce(dimension.sku, '(no SKU)') as sku, daily.cost_date,
    sum(daily.reporting_cost) as cost
  from mart.cost_dimension_daily as daily
  join mart.cost_dimension as dimension using (dimension_id)
  where cost_date >= :'from'::date
    and cost_date < least(
      :'now'::timestamptz, (select clock_at from mart.transform_state)
    ) at time zone 'UTC'
  group by dimension.account_id, dimension.provider, dimension.team, dimension.sku, daily.cost_date
),
scoped as (
  select scope.kind, scope.value, owned.account_id, owned.cost_date, sum(owned.cost) as cost
  from owned
  cross join lateral (
    values ('provider', owned.provider), ('team', owned.team), ('sku', owned.sku)
  ) as scope (kind, value)
  group by scope.kind, scope.value, owned.account_id, owned.cost_date
),
day as (
  select day::date as cost_date
  from (select min(cost_date) as first_date from owned) as known
  cross join lateral generate_series(
    known.first_date::timestamp,
    least(
      :'now'::timestamptz, (select clock_at from mart.transform_state)
    ) at time zone 'UTC' - interval '1 day',
    interval '1 day'
  ) as day
),
-- Charges rest on all of an account's metering streams: the one looked at longest ago decides.
looked_at as (
  select freshness.account_id, min(freshness.complete_at) as looked_at
  from mart.rpt_freshness as freshness
  join landing.expectation using (account_id, stream)
  where expectation.is_metering
  group by freshness.account_id
),
gap as materialized (
  select account_id, starts_at, case when is_over then ends_at else 'infinity' end as ends_at
  from mart.rpt_coverage_gap
  where is_metering and (is_missing or not is_over)
),
unknown_day as (
  select distinct account.account_id, day.cost_date
  from (select distinct account_id from owned) as account
  cross join day
  cross join lateral (
    select
      day.cost_date::timestamp at time zone 'UTC' as starts_at,
      (day.cost_date + 1)::timestamp at time zone 'UTC' as ends_at
  ) as span
  left join looked_at using (account_id)
  where looked_at.looked_at < span.ends_at
    or exists (
      select from gap
      where gap.account_id = account.account_id
        and gap.starts_at < span.ends_at and gap.ends_at > span.starts_at
    )
),
scope_account as (
  select kind, value, account_id, min(min(cost_date)) over (partition by kind, value) as first_date
  from scoped
  group by kind, value, account_id
)
select
  scope.kind, scope.value, day.cost_date,
  coalesce(sum(scoped.cost), 0) as cost
from scope_account as scope
join day on day.cost_date >= scope.first_date
left join scoped using (kind, value, account_id, cost_date)
left join unknown_day using (account_id, cost_date)
group by scope.kind, scope.value, day.cost_date
having count(unknown_day.cost_date) = 0

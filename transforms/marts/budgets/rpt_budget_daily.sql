-- One row per budget in force and UTC day on which its scope has costs, in the reporting currency.
-- A cost centre's budget covers all centres below it. `is_incomplete`: some usage of that day has
-- no price or no exchange rate, so that the cost is too low by `hidden_cost` at most: each such resource at
-- the most expensive resource and day of its account; null where that has none.
-- Input rpt_budget_period (mart.rpt_budget_period): periods of the budgets.
-- Input rpt_budget_centre (mart.rpt_budget_centre): cost centres under each budget.
-- Input known_owned_cost (mart.rpt_cost_owned_daily): costs by owner.
-- Input known_charge (intermediate.known_charge): charges that are posted or accrue.
with range as (
  select min(read_from) as read_from from rpt_budget_period
),
incomplete as materialized (
  select distinct charge.account_id, charge.resource_id, day::date as cost_date
  from known_charge as charge
  cross join lateral generate_series(
    charge_date::timestamp,
    greatest(
      charge_date::timestamp,
      (charge_period_end - interval '1 microsecond') at time zone 'UTC'
    ),
    interval '1 day'
  ) as day
  where (price_source = 'missing' or reporting_cost is null)
    and charge_date >= (select date_trunc('month', read_from)::date from range)
),
most_expensive as materialized (
  select account_id, nullif(greatest(max(cost), 0), 0) as cost
  from (
    select account_id, resource_id, cost_date, sum(reporting_cost) as cost
    from known_owned_cost as owned
    where cost_date >= (select read_from from range)
      and account_id in (select incomplete.account_id from incomplete)
    group by account_id, resource_id, cost_date
  ) as resource_day
  group by account_id
),
owned_day as materialized (
  select
    cost_date, owned.provider, owned.account_id, sku, team, project, environment, cost_centre,
    dimensions,
    sum(reporting_cost) as cost,
    -- Both are kept in the billing currency; a row has one rate.
    sum(coalesce(round(reporting_cost * accrued_cost / nullif(billed_cost, 0), 9), 0))
      as accrued_cost,
    -- An uncertainty without a cost tells no rate: it counts at par.
    sum(coalesce(round(reporting_cost * uncertainty / nullif(billed_cost, 0), 9), uncertainty))
      as uncertainty,
    bool_or(incomplete.account_id is not null) as is_incomplete,
    count(distinct incomplete.resource_id) * max(most_expensive.cost) as hidden_cost
  from known_owned_cost as owned
  left join incomplete using (account_id, resource_id, cost_date)
  left join most_expensive using (account_id)
  where cost_date >= (select read_from from range)
  group by cost_date, owned.provider, owned.account_id, sku, team, project, environment,
    cost_centre, dimensions
),
scope as (
  select distinct
    budget_row_id,
    scope ->> 'provider' as provider,
    scope ->> 'account' as account_id,
    scope ->> 'sku' as sku,
    scope ->> 'team' as team,
    scope ->> 'project' as project,
    scope ->> 'environment' as environment,
    scope ->> 'cost_centre' as cost_centre,
    scope - '{provider,account,sku,team,project,environment,cost_centre}'::text[] as dimensions
  from rpt_budget_period
)
select
  scope.budget_row_id,
  owned_day.cost_date,
  sum(owned_day.cost) as cost,
  sum(owned_day.accrued_cost) as accrued_cost,
  sum(abs(owned_day.uncertainty)) as uncertainty,
  bool_or(owned_day.is_incomplete) as is_incomplete,
  case
    when not coalesce(bool_or(owned_day.is_incomplete and owned_day.hidden_cost is null), false)
      then coalesce(sum(owned_day.hidden_cost) filter (where owned_day.is_incomplete), 0)
  end as hidden_cost
from scope
join owned_day
  on (scope.provider is null or owned_day.provider = scope.provider)
  and (scope.account_id is null or owned_day.account_id = scope.account_id)
  and (scope.sku is null or owned_day.sku = scope.sku)
  and (scope.team is null or owned_day.team = scope.team)
  and (scope.project is null or owned_day.project = scope.project)
  and (scope.environment is null or owned_day.environment = scope.environment)
  and (scope.cost_centre is null or (scope.cost_centre, owned_day.cost_centre) in (
    select root, cost_centre from rpt_budget_centre
  ))
  and owned_day.dimensions @> scope.dimensions
group by scope.budget_row_id, owned_day.cost_date

-- One row per scope with cost in the month, with something running or with usual arrivals: its cost
-- at the month's end. The band is that of many resources that come and go each by itself: what one
-- estimate of the change may be off by, and what chance makes of it.
create temporary table scope_forecast on commit drop as
with billed as (
  select scope.kind, scope.value, sum(owned.cost) as cost
  from owned_history as owned
  cross join lateral (
    values
      ('total', 'all'), ('provider', owned.provider), ('account', owned.account_id),
      ('team', owned.team), ('project', owned.project), ('environment', owned.environment),
      ('cost_centre', owned.cost_centre), ('sku', owned.sku)
  ) as scope (kind, value)
  where owned.cost_date >= :'month'::date and owned.cost_date < :'cut'::date
  group by scope.kind, scope.value
),
running_group as (
  select
    scope.kind, scope.value, running.life_group,
    sum(running.cost * scope.part) as cost,
    coalesce(
      sum(running.cost * scope.part * (survival.rest_part - 1)) filter (where running.may_end), 0
    ) as departing,
    coalesce(
      sum((running.cost * scope.part) ^ 2 * survival.rest_part * (1 - survival.rest_part))
        filter (where running.may_end),
      0
    ) as outcome_variance
  from running_cost as running
  join resource_scope as scope using (account_id, resource_id)
  left join survival
    on survival.life_group = running.life_group
    and survival.age_days = least(running.age_days, 64)
  group by scope.kind, scope.value, running.life_group
),
ended as (
  select life_group, count(*) filter (where last_date < account_last_date) as ends
  from resource_life
  group by life_group
),
running_on as (
  select
    running_group.kind, running_group.value,
    sum(running_group.cost) as cost,
    sum(running_group.departing) as departing,
    sum(running_group.outcome_variance) as outcome_variance,
    sum(running_group.departing ^ 2 / (coalesce(ended.ends, 0) + 1)) as variance
  from running_group
  left join ended using (life_group)
  group by running_group.kind, running_group.value
),
arriving as (
  select
    scope.kind, scope.value,
    sum(arrival.cost * scope.part) as cost,
    sum((arrival.cost * scope.part) ^ 2) as variance,
    sum((arrival.cost * scope.part) ^ 2 * arrival.days / greatest(:'days_left'::numeric, 1))
      as outcome_variance
  from arrival
  join resource_scope as scope using (account_id, resource_id)
  group by scope.kind, scope.value
),
-- Few arrivals and departures say little of how many usually come: the less certain the change is,
-- the less of it is expected, down to nothing (the positive part of a James-Stein estimate).
combined as (
  select
    kind, value,
    coalesce(billed.cost, 0) as month_to_date,
    coalesce(running_on.cost, 0) as running,
    coalesce(running_on.departing, 0) + coalesce(arriving.cost, 0) as change,
    coalesce(running_on.variance, 0) + coalesce(arriving.variance, 0) as change_variance,
    coalesce(running_on.outcome_variance, 0) + coalesce(arriving.outcome_variance, 0)
      as outcome_variance
  from billed
  full join running_on using (kind, value)
  full join arriving using (kind, value)
),
-- A scope where nothing happened lately is not one where nothing can: half of its chance is its own,
-- half its part of the total's, by what runs.
leaning as (
  select
    combined.*,
    (
      combined.outcome_variance
        + coalesce(
          total.outcome_variance * combined.running / nullif(total.running, 0),
          combined.outcome_variance
        )
    ) / 2 as usual_variance
  from combined
  cross join (select running, outcome_variance from combined where kind = 'total') as total
),
weighed as (
  select
    leaning.*,
    case
      when change_variance < change ^ 2 then change * (1 - change_variance / change ^ 2)
      else 0
    end as expected_change,
    -- 80% of Student's t with 3 degrees of freedom: what is known of churn rests on few events, and
    -- resources come and go together more often than chance would have it.
    1.6377 * sqrt(change_variance + usual_variance) as half_width
  from leaning
)
select
  kind, value,
  round(month_to_date, 9) as month_to_date,
  round(running, 9) as running_to_month_end,
  round(expected_change, 9) as expected_change,
  round(month_to_date, 9) + round(running, 9) + round(expected_change, 9) as forecast_cost,
  round(half_width, 9) as half_width,
  case when expected_change = 0 then 'running' else 'running and churn' end as method
from weighed

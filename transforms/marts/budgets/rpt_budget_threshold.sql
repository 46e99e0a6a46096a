-- One row per budget, period and threshold: whether the cost so far, or the cost expected at the
-- period's end, reaches that percentage of the amount. What is spent at least (`measured_cost`)
-- reaches a threshold; only what is spent at most leaves it (`is_near`: still within a twentieth of it, so that
-- a forecast that trembles around a threshold does not cross it each hour). State unknown where the
-- threshold lies between the two, or no forecast can be made yet.
-- Input rpt_budget (mart.rpt_budget): budget states.
with budget as materialized (
  select * from rpt_budget
),
level as (
  select budget.*, 'actual' as kind, percent, spent_cost as measured_cost, most_cost as at_most_cost
  from budget
  cross join unnest(actual_thresholds) as percent
  union all
  select budget.*, 'forecast', percent, forecast_cost,
    forecast_cost + most_cost - spent_cost
  from budget
  cross join unnest(forecast_thresholds) as percent
)
select
  budget, scope, period, period_start, period_end, is_over, kind, percent,
  round(amount * percent / 100, 9) as threshold_cost,
  measured_cost,
  case
    when measured_cost >= amount * percent / 100 then 'reached'
    when at_most_cost < amount * percent / 100 then 'not reached'
    else 'unknown'
  end as state,
  measured_cost >= amount * percent / 100 as is_reached,
  coalesce(at_most_cost >= amount * percent / 100 * 0.95, true) as is_near,
  doubt, amount, spent_cost, most_cost, forecast_cost, breaks_at, known_at, judged_at, channels
from level

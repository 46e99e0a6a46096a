-- One row per budget in force and period: the one that runs when it is judged, and the one before,
-- whose last costs may still arrive. Days from read_from on say all there is to know of it.
-- Input rpt_budget_clock (mart.rpt_budget_clock): the instants that budgets are judged at and known at.
-- Input known_budget (reference.budget): budgets as the file says.
with in_force as (
  select * from known_budget where superseded_at is null
),
judged as (
  select judged_at, (judged_at at time zone 'UTC') as judged_utc from rpt_budget_clock
),
cut as (
  select
    in_force.*,
    judged.judged_at,
    judged.judged_utc::date as judged_day,
    step.back = 1 as is_over,
    case in_force.period
      when 'month' then interval '1 month'
      when 'quarter' then interval '3 months'
      else interval '1 year'
    end as length,
    date_trunc(in_force.period, judged.judged_utc) as running_start,
    step.back
  from in_force
  cross join judged
  cross join (values (0), (1)) as step (back)
),
dated as (
  select cut.*, (running_start - back * length)::date as period_start from cut
)
select
  budget_row_id, budget, scope, period, amount, growth_percent, actual_thresholds,
  forecast_thresholds, channels,
  period_start,
  (period_start + length)::date as period_end,
  (period_start - length)::date as before_start,
  least(
    case when growth_percent is null then period_start else (period_start - length)::date end,
    judged_day - 8
  ) as read_from,
  judged_day,
  judged_at,
  is_over
from dated
where period_start >= valid_from and period_start < valid_to

-- One row per budget and period: its amount, what is charged for its days, on which day that became
-- more than the amount, and the burn: the cost per day of the last 7 whole UTC days, or of those
-- since the scope's first cost. Amount and burn are null where nothing says them. `hidden_cost`: what usage
-- without a price costs at most (null: not bounded); `highest_day_cost`: of the scope's days that are read.
-- Input rpt_budget_period (mart.rpt_budget_period): periods of the budgets.
-- Input rpt_budget_daily (mart.rpt_budget_daily): spend by budget period and day.
with daily as materialized (
  select * from rpt_budget_daily
),
summed as (
  select
    period.*,
    coalesce(sum(cost) filter (where cost_date >= period_start), 0) as spent_cost,
    coalesce(sum(cost) filter (
      where cost_date >= period_start and cost_date < date_trunc('month', judged_day::timestamp)
    ), 0) as spent_before_month,
    coalesce(sum(accrued_cost) filter (where cost_date >= period_start), 0) as accrued_cost,
    coalesce(sum(uncertainty) filter (where cost_date >= period_start), 0) as uncertainty,
    coalesce(bool_or(is_incomplete) filter (
      where cost_date >= case when growth_percent is null then period_start else before_start end
    ), false) as is_incomplete,
    case
      when not coalesce(bool_or(hidden_cost is null) filter (where cost_date >= period_start), false)
        then coalesce(sum(hidden_cost) filter (where cost_date >= period_start), 0)
    end as hidden_cost,
    nullif(greatest(max(cost), 0), 0) as highest_day_cost,
    sum(cost) filter (where cost_date >= before_start and cost_date < period_start)
      as before_cost,
    min(cost_date) as first_cost_date,
    coalesce(sum(cost) filter (where is_burn_day), 0) as burn_cost,
    min(cost) filter (where is_burn_day) as burn_low,
    max(cost) filter (where is_burn_day) as burn_high,
    count(*) filter (where is_burn_day) as days_with_cost
  from rpt_budget_period as period
  left join daily
    on daily.budget_row_id = period.budget_row_id
    and daily.cost_date >= period.read_from and daily.cost_date < period.period_end
  left join lateral (
    select daily.cost_date >= period.judged_day - 7 and daily.cost_date < period.judged_day
  ) as burn (is_burn_day) on true
  group by period.budget_row_id, period.budget, period.scope, period.period, period.amount,
    period.growth_percent, period.actual_thresholds, period.forecast_thresholds, period.channels,
    period.period_start, period.period_end, period.before_start, period.read_from,
    period.judged_day, period.judged_at, period.is_over
),
measured as (
  select
    summed.*,
    coalesce(amount, case
      when before_cost > 0 then nullif(round(before_cost * (1 + growth_percent / 100), 2), 0)
    end) as budget_amount,
    -- Null before the first whole day.
    nullif(greatest(least(judged_day - first_cost_date, 7), 0), 0) as burn_days
  from summed
)
select
  budget_row_id, budget, scope, period, growth_percent, actual_thresholds, forecast_thresholds,
  channels, period_start, period_end, judged_at, is_over, is_incomplete,
  budget_amount as amount,
  spent_cost, spent_before_month, accrued_cost, uncertainty,
  hidden_cost, highest_day_cost,
  round(burn_cost / burn_days, 9) as burn_per_day,
  -- A day without a row cost nothing.
  case when days_with_cost < burn_days then least(burn_low, 0) else burn_low end as burn_low,
  greatest(burn_high, 0) as burn_high,
  passed.broken_on,
  first_cost_date
from measured
left join lateral (
  select min(cost_date) as broken_on
  from (
    select cost_date, sum(cost) over (order by cost_date) as cost_so_far
    from daily
    where daily.budget_row_id = measured.budget_row_id
      and daily.cost_date >= measured.period_start and daily.cost_date < measured.period_end
  ) as running
  where cost_so_far > measured.budget_amount
) as passed on true
-- The period before is of interest only if it was metered.
where not is_over or first_cost_date < period_end

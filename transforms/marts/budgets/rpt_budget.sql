-- One row per budget in force and period (the running one and the one before): its state, how it is
-- used and when it breaks at the present burn, with how fresh that is. Amounts are in the reporting
-- currency. Data that cannot be trusted makes the state unknown, never ok.
-- Input rpt_budget_clock (mart.rpt_budget_clock): the instants that budgets are judged at and known at.
-- Input rpt_budget_forecast (mart.rpt_budget_forecast): spend with its forecast.
-- Input rpt_budget_freshness (mart.rpt_budget_freshness): what makes the spend doubtful.
with known as (
  select
    forecast.*,
    freshness.stalest_look_at,
    coalesce(
      freshness.doubt,
      case when forecast.is_incomplete then 'some usage has no price or no exchange rate' end,
      case when forecast.amount is null then 'the period before has no cost to grow from' end
    ) as doubt,
    clock.known_at,
    forecast.period_start::timestamp at time zone 'UTC' as starts_at,
    forecast.period_end::timestamp at time zone 'UTC' as ends_at
  from rpt_budget_forecast as forecast
  join rpt_budget_freshness as freshness using (budget_row_id, period_start)
  cross join rpt_budget_clock as clock
),
used as (
  select
    known.*,
    round(spent_cost / amount, 4) as share_used,
    round(least(
      extract(epoch from judged_at - starts_at) / extract(epoch from ends_at - starts_at), 1
    ), 4) as share_elapsed,
    case
      when spent_cost > amount then broken_on::timestamp at time zone 'UTC'
      when burn_per_day > 0 and not is_over
        -- A budget that lasts ten years at this burn does not break.
        then judged_at + least((amount - spent_cost) / burn_per_day, 3650) * interval '1 day'
    end as breaks_at
  from known
)
select
  budget, scope, period, period_start, period_end, is_over,
  case
    when doubt is not null then 'unknown'
    when spent_cost > amount then 'broken'
    when forecast_cost >= amount * (select min(level) from unnest(forecast_thresholds) as level) / 100
      and not is_over then 'at risk'
    when spent_cost >= amount * (select min(level) from unnest(actual_thresholds) as level) / 100
      then 'warning'
    else 'ok'
  end as state,
  doubt,
  amount, spent_cost, accrued_cost, uncertainty,
  amount - spent_cost as left_cost,
  forecast_cost, low_cost as forecast_low_cost, high_cost as forecast_high_cost,
  method as forecast_method,
  share_used, share_elapsed,
  round(share_used / nullif(share_elapsed, 0), 2) as pace,
  burn_per_day,
  case when breaks_at < ends_at then breaks_at end as breaks_at,
  known_at, stalest_look_at, judged_at,
  actual_thresholds, forecast_thresholds, channels
from used

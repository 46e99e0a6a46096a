-- One row per budget in force and period (the running one and the one before), as it was judged
-- last: rpt_budget, stored, so that it is read at once. Amounts are in the reporting currency.
select
  budget,
  coalesce((
    select string_agg(part.key || ' ' || part.value, ', ' order by part.key)
    from jsonb_each_text(scope) as part
  ), 'all costs') as scope,
  period, period_start, period_end, is_over, state, doubt, doubt_kind, amount, spent_cost, most_cost,
  accrued_cost,
  uncertainty, left_cost, forecast_cost, forecast_low_cost, forecast_high_cost, forecast_method,
  share_used,
  round(forecast_cost / amount, 4) as share_forecast,
  share_elapsed, pace, burn_per_day, breaks_at, known_at, stalest_look_at, judged_at,
  actual_thresholds, forecast_thresholds
from mart.budget_state

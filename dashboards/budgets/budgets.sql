-- One row per running budget, the one in most danger first.
select
  budget, scope, period, state, amount, spent_cost, most_cost, share_used, share_elapsed, pace, forecast_cost,
  share_forecast, breaks_at, doubt
from mart.rpt_budget_state
where not is_over
order by
  array_position(array['broken', 'at risk', 'unknown', 'warning', 'ok'], state),
  share_used desc nulls last

-- One row per running budget, the one in most danger first.
select
  budget, state, share_used, forecast_cost / nullif(amount, 0) as share_forecast, left_cost, breaks_at
from mart.rpt_budget
where not is_over
order by
  array_position(array['broken', 'at risk', 'unknown', 'warning', 'ok'], state),
  share_used desc

-- One row per running budget, the one in most danger first.
select
  budget, state, share_used, share_elapsed, share_forecast, left_cost, breaks_at
from mart.rpt_budget_state
where not is_over
order by
  array_position(array['broken', 'at risk', 'unknown', 'warning', 'ok'], state),
  share_forecast desc nulls last, budget collate "C"

-- Budgets that cannot be computed in this run keep the figures of the last judgement that worked; their
-- state is unknown, with the reason.
with fault as (
  select * from jsonb_to_recordset(:'unjudged'::jsonb) as fault (name text, reason text)
)
insert into mart.budget_state (
  budget, scope, period, period_start, period_end, is_over, state, doubt, doubt_kind, amount, spent_cost,
  most_cost, accrued_cost, uncertainty, left_cost, forecast_cost, forecast_low_cost, forecast_high_cost,
  forecast_method, share_used, share_elapsed, pace, burn_per_day, breaks_at, known_at, stalest_look_at,
  judged_at, actual_thresholds, forecast_thresholds, channels
)
select
  former.budget, former.scope, former.period, former.period_start, former.period_end, former.is_over,
  'unknown', 'cannot be computed: ' || fault.reason, 'cannot be computed', former.amount,
  former.spent_cost, former.most_cost, former.accrued_cost, former.uncertainty, former.left_cost,
  former.forecast_cost, former.forecast_low_cost, former.forecast_high_cost, former.forecast_method,
  former.share_used, former.share_elapsed, former.pace, former.burn_per_day, former.breaks_at,
  former.known_at, former.stalest_look_at, former.judged_at, former.actual_thresholds,
  former.forecast_thresholds, former.channels
from former_state as former
join fault on fault.name = former.budget

-- One row per running budget and measure (`actual`: spent so far, `forecast`: expected at the period's
-- end, `pace`: a whole period at the burn of the last 7 days), as it was judged last. `value`: percent of
-- the budget's amount. A budget in doubt keeps its rows: what is known to be spent is a lower bound, which
-- reaches a threshold but clears none. mart.alert_spend_unknown tells of the doubt.
select
  budget.budget,
  budget.scope,
  budget.period,
  to_char(budget.period_start, 'YYYY-MM-DD') as period_start,
  measure.measure,
  -- Cut off, so that nothing is rounded up to a threshold.
  trunc(100 * measure.cost / budget.amount, 6) as value
from mart.rpt_budget_state as budget
cross join lateral (
  values
    ('actual', budget.spent_cost),
    ('forecast', budget.forecast_cost),
    ('pace', budget.burn_per_day * (budget.period_end - budget.period_start))
) as measure (measure, cost)
where not budget.is_over and budget.amount > 0 and measure.cost is not null

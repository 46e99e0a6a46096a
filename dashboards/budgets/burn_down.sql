-- One row per UTC day of the budget's periods: what was left at its end, and at an even pace.
select
  cost_date::timestamp as "time", left_cost as "Left", amount - even_cost as "At an even pace"
from mart.rpt_budget_burn_down
where $__timeFilter(cost_date) and budget = ${budget:sqlstring}
order by cost_date

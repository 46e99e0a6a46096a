-- One row per UTC day of the budget's periods: its cost, and an even share of the amount.
select
  cost_date::timestamp as "time",
  cost as "Cost",
  amount / (period_end - period_start) as "Even per day"
from mart.rpt_budget_burn_down
where $__timeFilter(cost_date) and budget = ${budget:sqlstring}
order by cost_date

-- One row per UTC day, period of the budget and line: what was left at the day's end, and what would
-- be at an even pace.
select
  day.cost_date::timestamp as "time",
  line.name || ', ' || to_char(day.period_start, 'YYYY-MM') as metric,
  line.value
from mart.rpt_budget_burn_down as day
cross join lateral (
  values ('Left', day.left_cost), ('Even pace', day.amount - day.even_cost)
) as line (name, value)
where $__timeFilter(day.cost_date) and day.budget = ${budget:sqlstring}
order by day.cost_date, metric

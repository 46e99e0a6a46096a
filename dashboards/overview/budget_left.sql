-- One row: what is left of the running budget over everything; no row without such a budget.
select left_cost as value
from mart.rpt_budget_state
where scope = 'all costs' and not is_over
order by period_end
limit 1

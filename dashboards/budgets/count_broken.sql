-- One row: running budgets in the state "broken".
select count(*) as value
from mart.rpt_budget_state
where not is_over and state = 'broken'

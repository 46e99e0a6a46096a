-- One row: the cost in the range.
select sum(cost) as value
from mart.rpt_cost_daily
where $__timeFilter(cost_date)
  and $__filtered(basis, currency, team, project, environment, provider)

-- One row: what the running UTC month has cost so far.
select sum(cost) as value
from mart.rpt_cost_daily
where cost_date >= mart.this_month() and cost_date <= mart.today()
  and $__filtered(basis, currency, team, project, environment, provider)

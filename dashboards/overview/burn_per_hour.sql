-- One row: what an hour of the last whole UTC day cost.
select sum(cost) / 24 as value
from mart.rpt_cost_daily
where cost_date = mart.today() - 1
  and $__filtered(basis, currency, provider, account, team)

-- One row: what an hour of the last whole UTC day cost.
select sum(cost) / 24 as value
from mart.rpt_cost_daily
where cost_date = mart.today() - 1
  and basis = ${basis:sqlstring} and currency = ${currency:sqlstring}
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring})

-- One row: what the running UTC month has cost so far.
select sum(cost) as value
from mart.rpt_cost_daily
where cost_date >= mart.this_month() and cost_date <= mart.today()
  and basis = ${basis:sqlstring} and currency = ${currency:sqlstring}
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring})

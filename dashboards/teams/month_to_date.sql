-- One row: what the running UTC month has cost so far.
select sum(cost) as value
from mart.rpt_cost_daily
where cost_date >= mart.this_month() and cost_date <= mart.today()
  and basis = ${basis:sqlstring} and currency = ${currency:sqlstring}
  and team in (${team:sqlstring}) and project in (${project:sqlstring})
  and environment in (${environment:sqlstring}) and provider in (${provider:sqlstring})

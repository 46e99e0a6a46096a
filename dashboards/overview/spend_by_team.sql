-- One row per team: its cost in the range.
select team as metric, sum(cost) as value
from mart.rpt_cost_daily
where $__timeFilter(cost_date)
  and basis = ${basis:sqlstring} and currency = ${currency:sqlstring}
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring})
group by team
order by value desc
limit 12

-- One row per team and project: its cost in the range.
select team || ' · ' || project as metric, sum(cost) as value
from mart.rpt_cost_daily
where $__timeFilter(cost_date)
  and basis = ${basis:sqlstring} and currency = ${currency:sqlstring}
  and team in (${team:sqlstring}) and project in (${project:sqlstring})
  and environment in (${environment:sqlstring}) and provider in (${provider:sqlstring})
group by team, project
having sum(cost) <> 0
order by value desc
limit 12

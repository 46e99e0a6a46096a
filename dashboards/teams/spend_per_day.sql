-- One row per step of days and team.
select
  $__timeGroupAlias(cost_date, $__interval),
  team as metric,
  sum(cost) as value
from mart.rpt_cost_daily
where $__timeFilter(cost_date)
  and basis = ${basis:sqlstring} and currency = ${currency:sqlstring}
  and team in (${team:sqlstring}) and project in (${project:sqlstring})
  and environment in (${environment:sqlstring}) and provider in (${provider:sqlstring})
group by 1, 2
order by 1, 2

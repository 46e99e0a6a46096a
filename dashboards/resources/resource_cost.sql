-- Long: one row per step of days and meter of the resource: its cost in the reporting currency.
select $__timeGroupAlias(cost_date, $__interval), meter as metric, sum(reporting_cost) as value
from mart.fct_cost_daily
where resource_id = ${resource:sqlstring} and account_id in (${account:sqlstring})
  and $__timeFilter(cost_date)
group by 1, 2
order by 1, 2

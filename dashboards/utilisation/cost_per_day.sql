-- One row per step of days: cost of GPU machines by use, in the reporting currency.
select
  $__timeGroupAlias(usage_date, $__interval),
  sum(active_reporting_cost) as active,
  sum(allocated_idle_reporting_cost) as idle,
  sum(unallocated_reporting_cost) as unallocated,
  sum(unknown_reporting_cost) as unknown
from mart.rpt_utilisation_daily
where $__timeFilter(usage_date) and hours_unit = 'GPU-Hours'
  and $__filtered(provider, account, team)
group by 1
order by 1

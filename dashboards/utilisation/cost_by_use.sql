-- One row: the cost of GPU machines in the range by use, in the reporting currency.
select
  sum(active_reporting_cost) as "Active",
  sum(allocated_idle_reporting_cost) as "Idle",
  sum(unallocated_reporting_cost) as "Unallocated",
  sum(unknown_reporting_cost) as "Unknown"
from mart.rpt_utilisation_daily
where $__timeFilter(usage_date) and hours_unit = 'GPU-Hours'
  and $__filtered(provider, account, team)

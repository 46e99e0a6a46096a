-- One row per step of days: paid GPU-hours by use.
select
  $__timeGroupAlias(usage_date, $__interval),
  sum(active_hours) as active,
  sum(allocated_idle_hours) as idle,
  sum(unallocated_hours) as unallocated,
  sum(unknown_hours) as unknown
from mart.rpt_utilisation_daily
where $__timeFilter(usage_date) and hours_unit = 'GPU-Hours'
  and $__filtered(provider, account, team)
group by 1
order by 1

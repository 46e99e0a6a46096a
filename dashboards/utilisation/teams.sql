-- One row per team, the most idle money first.
select
  team,
  sum(active_hours) / nullif(sum(paid_hours - unknown_hours), 0) as active_share,
  sum(reporting_cost) as cost,
  sum(allocated_idle_reporting_cost + unallocated_reporting_cost) as idle_cost,
  sum(unknown_reporting_cost) as unknown_cost
from mart.rpt_utilisation_daily
where $__timeFilter(usage_date) and hours_unit = 'GPU-Hours'
  and $__filtered(provider, account, team)
group by team
order by idle_cost desc, team collate "C"

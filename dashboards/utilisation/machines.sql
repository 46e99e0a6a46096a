-- One row per machine and team of the range, the most idle money first.
select
  resource_name, resource_id, team,
  sum(paid_hours) as paid_hours,
  sum(active_hours) / nullif(sum(paid_hours - unknown_hours), 0) as active_share,
  sum(reporting_cost) as cost,
  sum(allocated_idle_reporting_cost) as idle_cost,
  sum(unallocated_reporting_cost) as unallocated_cost,
  sum(unknown_reporting_cost) as unknown_cost
from mart.rpt_utilisation_daily
where $__timeFilter(usage_date) and hours_unit = 'GPU-Hours'
  and $__filtered(provider, account, team)
group by account_id, resource_name, resource_id, team
order by sum(allocated_idle_reporting_cost + unallocated_reporting_cost) desc,
  resource_id collate "C", account_id collate "C", team collate "C"
limit 200

-- One row: the active share of the GPU-hours that were measured in the range.
select sum(active_hours) / nullif(sum(paid_hours - unknown_hours), 0) as "Active"
from mart.rpt_utilisation_daily
where $__timeFilter(usage_date) and hours_unit = 'GPU-Hours'
  and $__filtered(provider, account, team)

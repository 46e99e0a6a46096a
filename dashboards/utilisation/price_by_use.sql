-- One row: cost per paid GPU-hour, and of what was measured per active one.
select
  sum(reporting_cost) / nullif(sum(paid_hours), 0) as "Paid",
  sum(reporting_cost - unknown_reporting_cost) / nullif(sum(active_hours), 0) as "Active"
from mart.rpt_utilisation_daily
where $__timeFilter(usage_date) and hours_unit = 'GPU-Hours'
  and $__filtered(provider, account, team)

-- One row: what the corrections learnt in range added or took back, in all and of closed months.
select
  coalesce(sum(reporting_difference), 0) as "All",
  coalesce(sum(reporting_difference) filter (where is_of_closed_month), 0) as "Closed months"
from mart.rpt_correction
where $__timeFilter(recorded_at)
  and $__filtered(provider, account)

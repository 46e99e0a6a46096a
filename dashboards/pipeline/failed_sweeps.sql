-- One row: sweeps of the range that failed.
select coalesce(sum(failed), 0) as value
from mart.rpt_sweep_hour
where $__timeFilter(hour_start)
  and $__filtered(account, stream)

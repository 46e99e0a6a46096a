-- One row: retries per request of the range.
select sum(retries) / nullif(sum(requests), 0) as value
from mart.rpt_sweep_hour
where $__timeFilter(hour_start)
  and $__filtered(account, stream)

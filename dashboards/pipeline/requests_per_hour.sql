-- One row per UTC hour: requests, and those of them that were repeated.
select hour_start as "time", sum(requests) as "Requests", sum(retries) as "Retries"
from mart.rpt_sweep_hour
where $__timeFilter(hour_start)
  and $__filtered(account, stream)
group by 1
order by 1

-- One row per UTC hour and account: the mean duration of a sweep in milliseconds.
select
  hour_start as "time", account_id as metric, sum(duration_ms)::numeric / sum(sweeps) as value
from mart.rpt_sweep_hour
where $__timeFilter(hour_start)
  and account_id in (${account:sqlstring}) and stream in (${stream:sqlstring})
group by 1, 2
order by 1, 2

-- One row per step of days and product: the mean duration of a sweep in milliseconds.
select
  $__timeGroupAlias(hour_start, $__interval),
  split_part(stream, '.', 1) as metric,
  sum(duration_ms)::numeric / sum(sweeps) as value
from mart.rpt_sweep_hour
where $__timeFilter(hour_start)
  and account_id in (${account:sqlstring}) and stream in (${stream:sqlstring})
group by 1, 2
order by 1, 2

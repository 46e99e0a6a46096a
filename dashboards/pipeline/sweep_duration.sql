-- One row per step of days and product: the mean duration of a sweep in milliseconds.
with daily as (
  select
    (hour_start at time zone 'UTC')::date as sweep_date, stream,
    sum(duration_ms) as duration_ms, sum(sweeps) as sweeps
  from mart.rpt_sweep_hour
  where $__timeFilter(hour_start)
    and $__filtered(account, stream)
  group by sweep_date, stream
)
select
  $__timeGroupAlias(sweep_date, $__interval),
  split_part(stream, '.', 1) as metric,
  sum(duration_ms) / sum(sweeps) as value
from daily
group by 1, 2
order by 1, 2

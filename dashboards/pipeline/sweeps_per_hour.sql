-- One row per UTC hour and product: sweeps that began in it.
select
  hour_start as "time", split_part(stream, '.', 1) as metric, sum(sweeps) as value
from mart.rpt_sweep_hour
where $__timeFilter(hour_start)
  and $__filtered(account, stream)
group by 1, 2
order by 1, 2

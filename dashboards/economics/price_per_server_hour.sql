-- One row per step of days and provider: cost of whole servers by their hours.
select
  $__timeGroupAlias(cost_date, $__interval),
  provider as metric,
  sum(paid_cost) / nullif(sum(machine_hours), 0) as value
from mart.rpt_compute_daily
where $__timeFilter(cost_date) and resource_type <> 'Virtual Machine'
  and provider in (${provider:sqlstring}) and region in (${region:sqlstring})
  and sku in (${sku:sqlstring}) and gpu_model in (${gpu_model:sqlstring})
group by 1, 2
having sum(machine_hours) > 0
order by 1, 2

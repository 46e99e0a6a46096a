-- One row per step of days and provider: cost of whole servers by their hours.
select
  $__timeGroupAlias(cost_date, $__interval),
  provider as metric,
  sum(paid_cost) / nullif(sum(machine_hours), 0) as value
from mart.rpt_compute_daily
where $__timeFilter(cost_date) and resource_type <> 'Virtual Machine'
  and $__filtered(provider, region, sku, gpu_model)
group by 1, 2
having sum(machine_hours) > 0
order by 1, 2

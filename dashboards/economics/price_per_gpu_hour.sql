-- One row per step of days, provider and GPU model: cost of the machines by hours of their GPUs.
select
  $__timeGroupAlias(cost_date, $__interval),
  provider || ': ' || gpu_model as metric,
  sum(paid_cost) / nullif(sum(gpu_hours), 0) as value
from mart.rpt_compute_daily
where $__timeFilter(cost_date) and gpu_count > 0
  and $__filtered(provider, region, sku, gpu_model)
group by 1, 2
having sum(gpu_hours) > 0
order by 1, 2

-- One row per step of days and provider: cost of machines without GPU by hours of their vCPUs.
select
  $__timeGroupAlias(cost_date, $__interval),
  provider as metric,
  sum(paid_cost) / nullif(sum(vcpu_hours), 0) as value
from mart.rpt_compute_daily
where $__timeFilter(cost_date) and gpu_count = 0
  and $__filtered(provider, region, sku, gpu_model)
group by 1, 2
having sum(vcpu_hours) > 0
order by 1, 2

-- One row per step of days and provider: cost of machines without GPU by hours of their vCPUs.
select
  $__timeGroupAlias(cost_date, $__interval),
  provider as metric,
  sum(paid_cost) / nullif(sum(vcpu_hours), 0) as value
from mart.rpt_compute_daily
where $__timeFilter(cost_date) and gpu_count = 0
  and provider in (${provider:sqlstring}) and region in (${region:sqlstring})
  and sku in (${sku:sqlstring}) and gpu_model in (${gpu_model:sqlstring})
group by 1, 2
having sum(vcpu_hours) > 0
order by 1, 2

-- One row per provider and SKU of the 50 most expensive in the range: paid, list, and asked for it now.
select
  used.*,
  paid_cost / nullif(machine_hours, 0) as per_hour,
  paid_cost / nullif(gpu_hours, 0) as per_gpu_hour,
  market.least_per_gpu_hour,
  paid_cost / nullif(vcpu_hours, 0) as per_vcpu_hour,
  1 - paid_cost / nullif(list_cost, 0) as below_list,
  asking.least_per_hour,
  paid_cost / nullif(machine_hours, 0) / nullif(asking.least_per_hour, 0) - 1 as above_asking
from (
  select
    provider, sku, gpu_model, max(vcpu_count) as vcpus,
    sum(machine_hours) as machine_hours, sum(gpu_hours) as gpu_hours,
    sum(vcpu_hours) filter (where gpu_count = 0) as vcpu_hours,
    sum(paid_cost) as paid_cost, sum(list_cost) as list_cost
  from mart.rpt_compute_daily
  where $__timeFilter(cost_date)
    and $__filtered(provider, region, sku, gpu_model)
  group by provider, sku, gpu_model
) as used
left join mart.rpt_asking_price as asking using (provider, sku)
left join mart.rpt_gpu_asking_price as market on market.gpu_model = used.gpu_model
order by paid_cost desc
limit 50

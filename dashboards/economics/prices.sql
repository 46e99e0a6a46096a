-- One row: what an hour came to in the range, over all machines that were chosen.
select
  sum(paid_cost) filter (where gpu_hours > 0) / nullif(sum(gpu_hours), 0) as "GPU-hour",
  sum(paid_cost) filter (where gpu_count = 0)
    / nullif(sum(vcpu_hours) filter (where gpu_count = 0), 0) as "vCPU-hour",
  sum(paid_cost) filter (where resource_type <> 'Virtual Machine')
    / nullif(sum(machine_hours) filter (where resource_type <> 'Virtual Machine'), 0)
    as "Server-hour"
from mart.rpt_compute_daily
where $__timeFilter(cost_date)
  and $__filtered(provider, region, sku, gpu_model)

-- One row: the machine-hours and GPU-hours in the range. Hours of storage and addresses are not machines'.
with by_meter as (
  select meter, sum(usage_hours) as usage_hours, sum(gpu_hours) as gpu_hours
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, provider, account, region, resource_type, sku)
  group by meter
)
select
  sum(usage_hours) filter (
    where meter !~ 'storage|ip-block|cloud-months|discount|adjustment'
  ) as "Machine-hours",
  sum(gpu_hours) as "GPU-hours"
from by_meter

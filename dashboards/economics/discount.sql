-- One row: how far what was paid in the range is below list.
select 1 - sum(paid_cost) / nullif(sum(list_cost), 0) as "Below list"
from mart.rpt_compute_daily
where $__timeFilter(cost_date)
  and provider in (${provider:sqlstring}) and region in (${region:sqlstring})
  and sku in (${sku:sqlstring}) and gpu_model in (${gpu_model:sqlstring})

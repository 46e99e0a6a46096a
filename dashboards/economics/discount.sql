-- One row: how far what was paid in the range is below list.
select 1 - sum(paid_cost) / nullif(sum(list_cost), 0) as "Below list"
from mart.rpt_compute_daily
where $__timeFilter(cost_date)
  and $__filtered(provider, region, sku, gpu_model)

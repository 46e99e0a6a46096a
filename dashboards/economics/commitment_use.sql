-- One row: the used share of the committed hours of the range.
select sum(used_hours) / nullif(sum(committed_hours), 0) as "Used"
from mart.rpt_commitment_daily
where $__timeFilter(cost_date)
  and $__filtered(provider, region, sku)

-- One row: what was paid in the range for committed hours that nobody used.
select sum(unused_cost) as "Unused"
from mart.rpt_commitment_daily
where $__timeFilter(cost_date)
  and $__filtered(provider, region, sku)

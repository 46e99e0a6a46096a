-- One row per SKU and region with committed capacity in the range.
select
  string_agg(distinct contracts, ', ') as contracts, provider, sku, region,
  sum(committed_hours) as committed_hours,
  sum(used_hours) / nullif(sum(committed_hours), 0) as used_share,
  sum(unused_hours) as unused_hours,
  sum(unused_cost) as unused_cost,
  sum(overflow_hours) as overflow_hours,
  sum(overflow_cost) as overflow_cost
from mart.rpt_commitment_daily
where $__timeFilter(cost_date)
  and $__filtered(provider, region, sku)
group by provider, sku, region
order by sum(unused_cost) desc, sku, region

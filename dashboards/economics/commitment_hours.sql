-- One row per step of days: committed hours by use; what ran over them is on top.
select
  $__timeGroupAlias(cost_date, $__interval),
  sum(used_hours) as used,
  sum(unused_hours) as unused,
  sum(overflow_hours) as overflow
from mart.rpt_commitment_daily
where $__timeFilter(cost_date)
  and $__filtered(provider, region, sku)
group by 1
order by 1

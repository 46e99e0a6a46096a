-- One row: the cost in the range, and what of it is not posted yet or not exact.
select
  sum(cost) as "Spend",
  sum(accrued_cost) as "Still accrues",
  sum(uncertainty) as "Can be wrong by"
from mart.rpt_cost_daily
where $__timeFilter(cost_date)
  and $__filtered(basis, currency, provider, account, region, resource_type, sku)

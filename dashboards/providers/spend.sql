-- One row: the cost in the range, and what of it is not posted yet or not exact.
select
  sum(cost) as "Spend",
  sum(accrued_cost) as "Still accrues",
  sum(uncertainty) as "Can be wrong by"
from mart.rpt_cost_daily
where $__timeFilter(cost_date)
  and basis = ${basis:sqlstring} and currency = ${currency:sqlstring}
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and region in (${region:sqlstring}) and resource_type in (${resource_type:sqlstring})
  and sku in (${sku:sqlstring})

-- Long: one row per charge of the resource: what its unit cost from then on, in the bill's currency.
select
  charge_period_start as time,
  format('%s, %s per %s', meter, billing_currency, unit) as metric,
  unit_price as value
from mart.rpt_resource_price
where resource_id = ${resource:sqlstring} and account_id in (${account:sqlstring})
  and $__timeFilter(charge_period_start)
order by 1, 2

-- One row: what the last whole UTC day cost.
select sum(cost) as value
from mart.rpt_cost_daily
where $__filtered(provider, account, team, region, resource_type, sku)
  and cost_date = mart.today() - 1 and basis = 'billed' and currency = 'reporting'

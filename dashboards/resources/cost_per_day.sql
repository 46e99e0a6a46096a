-- One row: what the last whole UTC day cost.
select sum(cost) as value
from mart.rpt_cost_daily
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
  and cost_date = mart.today() - 1 and basis = 'billed' and currency = 'reporting'

-- One row: what the resources cost on the last whole UTC day.
select sum(day.cost) as value
from mart.rpt_resource
join mart.rpt_resource_cost_day as day using (account_id, resource_id)
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})

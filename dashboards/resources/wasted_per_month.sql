-- One row: what is wasted per month of 730 hours, each resource once, at its dearest finding.
select coalesce(sum(cost_per_month), 0) as value
from mart.rpt_waste_finding
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
  and is_counted

-- One row: what is wasted per month of 730 hours, each resource once, at its most expensive finding.
select coalesce(sum(cost_per_month), 0) as value
from mart.rpt_waste_finding
where $__filtered(provider, account, team, region, resource_type, sku)
  and is_counted

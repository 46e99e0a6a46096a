-- One row per provider with waste: money per month, each resource once.
select provider as metric, sum(cost_per_month) as value
from mart.rpt_waste_finding
where $__filtered(provider, account, team, region, resource_type, sku)
  and is_counted
group by provider
order by value desc, metric
limit 8

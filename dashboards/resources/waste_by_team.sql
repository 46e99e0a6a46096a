-- One row per team with waste: money per month, each resource once.
select team as metric, sum(cost_per_month) as value
from mart.rpt_waste_finding
where $__filtered(provider, account, team, region, resource_type, sku)
  and is_counted
group by team
order by value desc, metric
limit 8

-- One row per team with waste: money per month, each resource once.
select team as metric, sum(cost_per_month) as value
from mart.rpt_waste_finding
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
  and is_counted
group by team
order by value desc, metric
limit 8

-- One row per provider with waste: money per month, each resource once.
select provider as metric, sum(cost_per_month) as value
from mart.rpt_waste_finding
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
  and is_counted
group by provider
order by value desc, metric
limit 8

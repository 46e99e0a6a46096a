-- One row per detector with findings: what it claims, what ends it, and the money of all its findings.
select
  kind, upper(left(claim, 1)) || substr(claim, 2) as claim, action, count(*) as resources,
  sum(cost_per_month) as cost_per_month
from mart.rpt_waste_finding
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
group by detector, kind, claim, action
order by sum(cost_per_month) desc, detector

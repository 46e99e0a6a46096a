-- One row per detector with findings: what it found, what ends it, and the money of all its findings.
select
  kind, replace(detector, '_', ' ') as detector, action, count(*) as resources,
  sum(cost_per_month) as cost_per_month
from mart.rpt_waste_finding
where $__filtered(provider, account, team, region, resource_type, sku)
group by rpt_waste_finding.detector, kind, action
order by sum(cost_per_month) desc, rpt_waste_finding.detector

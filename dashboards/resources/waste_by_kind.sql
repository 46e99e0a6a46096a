-- One row per kind of waste, also without a finding: money per month, each resource once.
select kind.kind as metric, coalesce(sum(finding.cost_per_month), 0) as value
from (select distinct kind from mart.rpt_waste) as kind
left join (
  select kind, cost_per_month
  from mart.rpt_waste_finding
  where $__filtered(provider, account, team, region, resource_type, sku)
    and is_counted
) as finding using (kind)
group by kind.kind
order by value desc, metric

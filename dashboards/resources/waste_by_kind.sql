-- One row per kind of waste, also without a finding: money per month, each resource once.
select kind.kind as "Kind", coalesce(sum(finding.cost_per_month), 0) as "Per month"
from (select distinct kind from mart.rpt_waste) as kind
left join (
  select kind, cost_per_month
  from mart.rpt_waste_finding
  where is_counted and
    provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
    and team in (${team:sqlstring}) and region in (${region:sqlstring})
    and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
) as finding using (kind)
group by kind.kind
order by 2 desc, 1

-- One row per detector and resource: the evidence, since when, and money per month. Counted rows add
-- up; the others are about money that a dearer finding counts already.
select
  resource_name, resource_id, kind, provider, team, cost_per_month,
  case when is_counted then 'yes' else 'no' end as counted,
  to_char(since at time zone 'UTC', 'YYYY-MM-DD') as since, evidence
from mart.rpt_waste_finding
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
order by cost_per_month desc, detector, resource_id
limit 200

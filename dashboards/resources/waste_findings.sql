-- One row per detector and resource: the evidence, since when, and money per month. Counted rows add
-- up; the others are about money that a more expensive finding counts already.
select
  resource_name, resource_id, kind, provider, team, cost_per_month,
  case when is_counted then 'yes' else 'no' end as counted,
  to_char(since at time zone 'UTC', 'YYYY-MM-DD') as since, evidence
from mart.rpt_waste_finding
where $__filtered(provider, account, team, region, resource_type, sku)
order by cost_per_month desc, detector, resource_id
limit 200

-- One row per detector and resource: the evidence, since when, and money per month. "Counted" rows add
-- up; the others are about money that a dearer finding counts already.
select
  resource_name as "Resource", resource_id as "Resource id", kind as "Kind",
  provider as "Provider", team as "Team", cost_per_month as "Per month",
  case when is_counted then 'yes' else 'no' end as "Counted",
  since as "Since", evidence as "Evidence", action as "What ends it"
from mart.rpt_waste_finding
where
  provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and team in (${team:sqlstring}) and region in (${region:sqlstring})
  and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
order by cost_per_month desc, detector, resource_id
limit 200

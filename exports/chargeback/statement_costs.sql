-- One row per cost centre and billing currency of one team, with the centre's name as known for the
-- statement. Amounts are exact.
with centre as (
  select cost_centre, name
  from mart.rpt_cost_centre_version
  where loaded_at <= :'known_at' and (superseded_at is null or superseded_at > :'known_at')
)
select
  cost.cost_centre,
  nullif(centre.name, cost.cost_centre) as name,
  cost.billing_currency,
  trim_scale(cost.billed_cost) as billed_cost,
  trim_scale(cost.shared_cost) as shared_cost,
  trim_scale(cost.unused_commitment_cost) as unused_commitment_cost,
  trim_scale(cost.correction_cost) as correction_cost,
  trim_scale(coalesce(cost.reporting_cost, 0)) as reporting_cost
from chargeback_team as cost
left join centre on centre.cost_centre = cost.cost_centre
where cost.team = :'team'
order by cost.cost_centre collate "C" nulls first, cost.billing_currency collate "C"

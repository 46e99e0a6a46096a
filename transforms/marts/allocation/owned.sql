-- One row per daily fact and team that is charged for it: facts of a pool are split into the parts of
-- its teams, sums kept to the last unit; all others belong to their own team whole.
-- `known_placed`, `known_share` and `known_team` stand for the inputs.
select
  placed.account_id,
  placed.resource_id,
  placed.meter,
  placed.cost_date,
  date_trunc('month', placed.cost_date)::date as cost_month,
  placed.statement_month,
  placed.billing_currency,
  placed.provider,
  placed.service_name,
  placed.resource_type,
  placed.resource_name,
  placed.sku,
  placed.region_id,
  placed.region_name,
  coalesce(share.team, placed.team, '(no team)') as team,
  case when share.team is null then placed.project end as project,
  case when share.team is null then placed.environment end as environment,
  case when share.team is null then placed.cost_centre else team.cost_centre end as cost_centre,
  case when share.team is null then coalesce(placed.dimensions, '{}') else '{}' end as dimensions,
  coalesce(
    case when share.team is not null then placed.pool end, placed.rules ->> 'team', 'none'
  ) as allocation_rule,
  share.team is not null as is_share,
  placed.gpu_model,
  part.quantity,
  part.usage_hours,
  part.gpu_hours,
  part.list_cost,
  part.contracted_cost,
  part.billed_cost,
  part.effective_cost,
  part.reporting_cost,
  part.accrued_cost,
  part.estimated_cost,
  part.uncertainty
from known_placed as placed
left join known_share as share
  on share.pool = placed.pool
  and share.cost_month = date_trunc('month', placed.cost_date)::date
left join known_team as team on team.team = share.team
cross join lateral (
  select coalesce(share.before, 0) as part_before, coalesce(share.upto, 1) as part_upto
) as edge
cross join lateral (
  select
    round(placed.quantity * part_upto, 9) - round(placed.quantity * part_before, 9) as quantity,
    round(placed.usage_hours * part_upto, 9) - round(placed.usage_hours * part_before, 9) as usage_hours,
    round(placed.gpu_hours * part_upto, 9) - round(placed.gpu_hours * part_before, 9) as gpu_hours,
    round(placed.list_cost * part_upto, 9) - round(placed.list_cost * part_before, 9) as list_cost,
    round(placed.contracted_cost * part_upto, 9) - round(placed.contracted_cost * part_before, 9)
      as contracted_cost,
    round(placed.billed_cost * part_upto, 9) - round(placed.billed_cost * part_before, 9) as billed_cost,
    round(placed.effective_cost * part_upto, 9) - round(placed.effective_cost * part_before, 9)
      as effective_cost,
    round(placed.reporting_cost * part_upto, 9) - round(placed.reporting_cost * part_before, 9)
      as reporting_cost,
    round(placed.accrued_cost * part_upto, 9) - round(placed.accrued_cost * part_before, 9)
      as accrued_cost,
    round(placed.estimated_cost * part_upto, 9) - round(placed.estimated_cost * part_before, 9)
      as estimated_cost,
    round(placed.uncertainty * part_upto, 9) - round(placed.uncertainty * part_before, 9) as uncertainty
) as part

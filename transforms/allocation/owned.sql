-- One row per daily fact and team that is charged for it: facts of a pool are split into the parts of
-- its teams, sums kept to the last unit; all others belong to their own team whole.
-- `known_placed`, `known_share` and `known_team` stand for the inputs.
select
  placed.account_id,
  placed.resource_id,
  placed.meter,
  placed.cost_date,
  date_trunc('month', placed.cost_date::timestamp)::date as cost_month,
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
  and share.cost_month = date_trunc('month', placed.cost_date::timestamp)::date
left join known_team as team on team.team = share.team
cross join lateral (
  select
    case when share.team is null then placed.quantity
      else round(placed.quantity * share.upto, 9)
        - round(placed.quantity * share.before, 9)
    end as quantity,
    case when share.team is null then placed.usage_hours
      else round(placed.usage_hours * share.upto, 9)
        - round(placed.usage_hours * share.before, 9)
    end as usage_hours,
    case when share.team is null then placed.gpu_hours
      else round(placed.gpu_hours * share.upto, 9)
        - round(placed.gpu_hours * share.before, 9)
    end as gpu_hours,
    case when share.team is null then placed.list_cost
      else round(placed.list_cost * share.upto, 9)
        - round(placed.list_cost * share.before, 9)
    end as list_cost,
    case when share.team is null then placed.contracted_cost
      else round(placed.contracted_cost * share.upto, 9)
        - round(placed.contracted_cost * share.before, 9)
    end as contracted_cost,
    case when share.team is null then placed.billed_cost
      else round(placed.billed_cost * share.upto, 9)
        - round(placed.billed_cost * share.before, 9)
    end as billed_cost,
    case when share.team is null then placed.effective_cost
      else round(placed.effective_cost * share.upto, 9)
        - round(placed.effective_cost * share.before, 9)
    end as effective_cost,
    case when share.team is null then placed.reporting_cost
      else round(placed.reporting_cost * share.upto, 9)
        - round(placed.reporting_cost * share.before, 9)
    end as reporting_cost,
    case when share.team is null then placed.accrued_cost
      else round(placed.accrued_cost * share.upto, 9)
        - round(placed.accrued_cost * share.before, 9)
    end as accrued_cost,
    case when share.team is null then placed.estimated_cost
      else round(placed.estimated_cost * share.upto, 9)
        - round(placed.estimated_cost * share.before, 9)
    end as estimated_cost,
    case when share.team is null then placed.uncertainty
      else round(placed.uncertainty * share.upto, 9)
        - round(placed.uncertainty * share.before, 9)
    end as uncertainty
) as part

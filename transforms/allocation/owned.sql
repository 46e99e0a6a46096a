-- One row per daily fact and team that is charged for it: facts of a shared cost are split into the
-- parts of its teams, sums kept to the last unit; all others belong to their own team whole.
-- Input known_placed: daily facts with their ownership and shared cost.
-- Input known_share: parts of shared costs by UTC month and team.
-- Input known_team: teams in force.
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
    case when share.team is not null then placed.shared_cost end, placed.rules ->> 'team', 'none'
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
  on share.shared_cost = placed.shared_cost
  and share.cost_month = date_trunc('month', placed.cost_date::timestamp)::date
left join known_team as team on team.team = share.team
cross join lateral (
  select
    case when share.team is null then placed.quantity
      else mart.share_of(placed.quantity, share.before, share.upto)
    end as quantity,
    case when share.team is null then placed.usage_hours
      else mart.share_of(placed.usage_hours, share.before, share.upto)
    end as usage_hours,
    case when share.team is null then placed.gpu_hours
      else mart.share_of(placed.gpu_hours, share.before, share.upto)
    end as gpu_hours,
    case when share.team is null then placed.list_cost
      else mart.share_of(placed.list_cost, share.before, share.upto)
    end as list_cost,
    case when share.team is null then placed.contracted_cost
      else mart.share_of(placed.contracted_cost, share.before, share.upto)
    end as contracted_cost,
    case when share.team is null then placed.billed_cost
      else mart.share_of(placed.billed_cost, share.before, share.upto)
    end as billed_cost,
    case when share.team is null then placed.effective_cost
      else mart.share_of(placed.effective_cost, share.before, share.upto)
    end as effective_cost,
    case when share.team is null then placed.reporting_cost
      else mart.share_of(placed.reporting_cost, share.before, share.upto)
    end as reporting_cost,
    case when share.team is null then placed.accrued_cost
      else mart.share_of(placed.accrued_cost, share.before, share.upto)
    end as accrued_cost,
    case when share.team is null then placed.estimated_cost
      else mart.share_of(placed.estimated_cost, share.before, share.upto)
    end as estimated_cost,
    case when share.team is null then placed.uncertainty
      else mart.share_of(placed.uncertainty, share.before, share.upto)
    end as uncertainty
) as part

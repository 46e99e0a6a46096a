-- Shared costs by day in `split_month`, split into the parts of their teams, sums kept to the last unit;
-- whole and their own team's where nobody shares. In the shape of costs that are placed.
select
  dimension.provider, dimension.account_id, dimension.service_name, dimension.resource_type, dimension.sku,
  dimension.region_id, dimension.region_name, dimension.gpu_model, dimension.meter, dimension.billing_currency,
  coalesce(share.team, dimension.team) as team,
  case when share.team is null then dimension.project end as project,
  case when share.team is null then dimension.environment end as environment,
  case when share.team is null then dimension.cost_centre else team.cost_centre end as cost_centre,
  case when share.team is null then dimension.dimensions else '{}' end as dimensions,
  case when share.team is null then dimension.allocation_rule else dimension.shared_cost end as allocation_rule,
  case when share.team is null then dimension.shared_cost end as shared_cost,
  share.team is not null as is_share,
  daily.cost_date, daily.statement_month,
  part.usage_hours, part.gpu_hours, part.list_cost, part.billed_cost, part.effective_cost,
  part.reporting_cost, part.accrued_cost, part.uncertainty
from split_month
join mart.cost_dimension as dimension on dimension.shared_cost = split_month.shared_cost
join mart.shared_cost_daily as daily
  on daily.dimension_id = dimension.dimension_id and daily.cost_date >= split_month.cost_month
  and daily.cost_date < split_month.cost_month + interval '1 month'
left join mart.allocation_share as share
  on share.shared_cost = split_month.shared_cost and share.cost_month = split_month.cost_month
left join reference.team as team on team.team = share.team and team.superseded_at is null
cross join lateral (select coalesce(share.before, 0) as before, coalesce(share.upto, 1) as upto) as cut
cross join lateral (
  select
    mart.share_of(daily.usage_hours, cut.before, cut.upto)
      as usage_hours,
    mart.share_of(daily.gpu_hours, cut.before, cut.upto)
      as gpu_hours,
    mart.share_of(daily.list_cost, cut.before, cut.upto)
      as list_cost,
    mart.share_of(daily.billed_cost, cut.before, cut.upto)
      as billed_cost,
    mart.share_of(daily.effective_cost, cut.before, cut.upto)
      as effective_cost,
    mart.share_of(daily.reporting_cost, cut.before, cut.upto)
      as reporting_cost,
    mart.share_of(daily.accrued_cost, cut.before, cut.upto)
      as accrued_cost,
    mart.share_of(daily.uncertainty, cut.before, cut.upto)
      as uncertainty
) as part

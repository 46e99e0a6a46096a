-- The pools' days in `split_month`, split into the parts of their teams, sums kept to the last unit;
-- whole and their own team's where nobody shares. In the shape of facts that are placed.
select
  slice.provider, slice.account_id, slice.service_name, slice.resource_type, slice.sku,
  slice.region_id, slice.region_name, slice.gpu_model, slice.meter, slice.billing_currency,
  coalesce(share.team, slice.team) as team,
  case when share.team is null then slice.project end as project,
  case when share.team is null then slice.environment end as environment,
  case when share.team is null then slice.cost_centre else team.cost_centre end as cost_centre,
  case when share.team is null then slice.dimensions else '{}' end as dimensions,
  case when share.team is null then slice.allocation_rule else slice.pool end as allocation_rule,
  case when share.team is null then slice.pool end as pool,
  share.team is not null as is_share,
  daily.cost_date, daily.statement_month,
  part.usage_hours, part.gpu_hours, part.list_cost, part.billed_cost, part.effective_cost,
  part.reporting_cost, part.accrued_cost, part.uncertainty
from split_month
join mart.cost_slice as slice on slice.pool = split_month.pool
join mart.cost_pool_daily as daily
  on daily.slice_id = slice.slice_id and daily.cost_date >= split_month.cost_month
  and daily.cost_date < split_month.cost_month + interval '1 month'
left join mart.allocation_share as share
  on share.pool = split_month.pool and share.cost_month = split_month.cost_month
left join reference.team as team on team.team = share.team and team.superseded_at is null
cross join lateral (select coalesce(share.before, 0) as before, coalesce(share.upto, 1) as upto) as cut
cross join lateral (
  select
    round(daily.usage_hours * cut.upto, 9) - round(daily.usage_hours * cut.before, 9)
      as usage_hours,
    round(daily.gpu_hours * cut.upto, 9) - round(daily.gpu_hours * cut.before, 9)
      as gpu_hours,
    round(daily.list_cost * cut.upto, 9) - round(daily.list_cost * cut.before, 9)
      as list_cost,
    round(daily.billed_cost * cut.upto, 9) - round(daily.billed_cost * cut.before, 9)
      as billed_cost,
    round(daily.effective_cost * cut.upto, 9) - round(daily.effective_cost * cut.before, 9)
      as effective_cost,
    round(daily.reporting_cost * cut.upto, 9) - round(daily.reporting_cost * cut.before, 9)
      as reporting_cost,
    round(daily.accrued_cost * cut.upto, 9) - round(daily.accrued_cost * cut.before, 9)
      as accrued_cost,
    round(daily.uncertainty * cut.upto, 9) - round(daily.uncertainty * cut.before, 9)
      as uncertainty
) as part

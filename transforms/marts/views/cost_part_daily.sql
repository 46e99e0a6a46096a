-- One row per UTC day, statement month, slice of costs and team that is charged for it: slices in a
-- pool of shared costs are split into the parts of its teams, sums kept to the last unit.
select
  daily.cost_date,
  daily.statement_month,
  slice.provider,
  slice.account_id,
  coalesce(slice.service_name, '(none)') as service_name,
  coalesce(slice.resource_type, '(none)') as resource_type,
  coalesce(slice.sku, '(none)') as sku,
  coalesce(slice.region_name, slice.region_id, '(none)') as region,
  coalesce(slice.gpu_model, '(none)') as gpu_model,
  slice.meter,
  slice.billing_currency,
  coalesce(share.team, slice.team, '(no team)') as team,
  case when share.team is null then coalesce(slice.project, '(none)') else '(shared)' end as project,
  case when share.team is null then coalesce(slice.environment, '(none)') else '(shared)' end
    as environment,
  coalesce(
    case when share.team is null then slice.cost_centre else team.cost_centre end, '(none)'
  ) as cost_centre,
  case when share.team is null then slice.dimensions else '{}' end as dimensions,
  case when share.team is null then slice.allocation_rule else slice.pool end as allocation_rule,
  slice.is_share or share.team is not null as is_share,
  -- Reporting amounts are kept for the billed cost; the others follow at that day's rate.
  case
    when daily.billed_cost <> 0 then daily.reporting_cost / daily.billed_cost
    else (
      select rate.rate
      from mart.rpt_exchange_rate as rate
      where rate.currency = slice.billing_currency and rate.valid_from <= daily.cost_date
        and (rate.valid_to is null or daily.cost_date < rate.valid_to)
    )
  end as exchange_rate,
  part.usage_hours, part.gpu_hours, part.list_cost, part.billed_cost, part.effective_cost,
  part.reporting_cost, part.accrued_cost, part.uncertainty
from mart.cost_slice as slice
join mart.cost_slice_daily as daily using (slice_id)
left join mart.allocation_share as share
  on share.pool = slice.pool
  and share.cost_month = date_trunc('month', daily.cost_date::timestamp)::date
  and not slice.is_share
left join reference.team as team on team.team = share.team and team.superseded_at is null
cross join lateral (
  select
    case when share.team is null then daily.usage_hours
      else round(daily.usage_hours * share.upto, 9) - round(daily.usage_hours * share.before, 9)
    end as usage_hours,
    case when share.team is null then daily.gpu_hours
      else round(daily.gpu_hours * share.upto, 9) - round(daily.gpu_hours * share.before, 9)
    end as gpu_hours,
    case when share.team is null then daily.list_cost
      else round(daily.list_cost * share.upto, 9) - round(daily.list_cost * share.before, 9)
    end as list_cost,
    case when share.team is null then daily.billed_cost
      else round(daily.billed_cost * share.upto, 9) - round(daily.billed_cost * share.before, 9)
    end as billed_cost,
    case when share.team is null then daily.effective_cost
      else round(daily.effective_cost * share.upto, 9) - round(daily.effective_cost * share.before, 9)
    end as effective_cost,
    case when share.team is null then daily.reporting_cost
      else round(daily.reporting_cost * share.upto, 9) - round(daily.reporting_cost * share.before, 9)
    end as reporting_cost,
    case when share.team is null then daily.accrued_cost
      else round(daily.accrued_cost * share.upto, 9) - round(daily.accrued_cost * share.before, 9)
    end as accrued_cost,
    case when share.team is null then daily.uncertainty
      else round(daily.uncertainty * share.upto, 9) - round(daily.uncertainty * share.before, 9)
    end as uncertainty
) as part

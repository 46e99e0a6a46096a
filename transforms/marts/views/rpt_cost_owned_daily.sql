-- One row per row of fct_cost_daily, with what the resource was and whose it was at the end of that
-- UTC day (as it was first known, for days before the first look). Months that are closed are told as
-- they were at their close.
select
  fact.account_id,
  fact.resource_id,
  fact.meter,
  fact.cost_date,
  date_trunc('month', fact.cost_date)::date as cost_month,
  fact.statement_month,
  fact.billing_currency,
  fact.provider,
  owner.service_name,
  owner.resource_type,
  owner.name as resource_name,
  owner.sku,
  owner.region_id,
  owner.region_name,
  coalesce(owner.team, '(no team)') as team,
  owner.project,
  owner.environment,
  null::text as cost_centre,
  '{}'::jsonb as dimensions,
  case when owner.team is null then 'none' else 'tag' end as allocation_rule,
  false as is_share,
  owner.gpu_model,
  fact.quantity,
  fact.usage_hours,
  fact.gpu_hours,
  fact.list_cost,
  fact.contracted_cost,
  fact.billed_cost,
  fact.effective_cost,
  fact.reporting_cost,
  fact.accrued_cost,
  fact.estimated_cost,
  fact.uncertainty
from mart.fct_cost_daily as fact
left join lateral (
  select candidate.*
  from mart.resource_owner as candidate
  where candidate.account_id = fact.account_id and candidate.resource_id = fact.resource_id
  order by
    candidate.valid_from < ((fact.cost_date + 1)::timestamp at time zone 'UTC') desc,
    case
      when candidate.valid_from < ((fact.cost_date + 1)::timestamp at time zone 'UTC')
        then candidate.valid_from
    end desc,
    candidate.valid_from
  limit 1
) as owner on true
where fact.statement_month > coalesce(
  (select max(closed_month.month) from ledger.closed_month), '-infinity'
)
union all
select
  fact.account_id,
  fact.resource_id,
  fact.meter,
  fact.cost_date,
  date_trunc('month', fact.cost_date)::date as cost_month,
  fact.statement_month,
  fact.billing_currency,
  fact.provider,
  fact.service_name,
  fact.resource_type,
  fact.resource_name,
  fact.sku,
  fact.region_id,
  fact.region_name,
  fact.team,
  fact.project,
  fact.environment,
  fact.cost_centre,
  fact.dimensions,
  fact.allocation_rule,
  fact.is_share,
  fact.gpu_model,
  fact.quantity,
  fact.usage_hours,
  fact.gpu_hours,
  fact.list_cost,
  fact.contracted_cost,
  fact.billed_cost,
  fact.effective_cost,
  fact.reporting_cost,
  fact.accrued_cost,
  fact.estimated_cost,
  fact.uncertainty
from ledger.closed_cost as fact

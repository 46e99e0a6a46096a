-- The rows of rpt_cost_owned_daily as they were known at an instant, for the days and statements from
-- :'from' to before :'to': ledger entries recorded by then, accruals shown then, resources as they
-- were described then, and the months that were closed then as they were closed.
with closed_then as (
  select month from ledger.closed_month where closed_at <= :'as_of'
),
books as (
  select coalesce((max(month) + interval '1 month')::date, '-infinity') as open_from
  from closed_then
),
accrual_then as (
  select accrual.* from mart.accrual where accrual.recorded_at <= :'as_of'
  union all
  select
    account_id, charge_key, provider, resource_id, meter, sku, region_id, charge_date,
    charge_period_start, charge_period_end, day_rule, charge_category, pricing_category,
    commitment_id, commitment_status, quantity, unit, usage_hours, gpu_hours, unit_price,
    price_source, list_cost, contracted_cost, billed_cost, effective_cost, billing_currency,
    reporting_cost, reporting_currency, exchange_rate, basis, uncertainty, source_versions,
    recorded_at
  from history.accrual
  where recorded_at <= :'as_of' and superseded_at > :'as_of'
),
known as (
  select
    charge.account_id, charge.provider, charge.resource_id, charge.meter, charge.charge_date,
    charge.charge_period_start, charge.charge_period_end, charge.day_rule,
    charge.billing_currency, charge.quantity, charge.usage_hours, charge.gpu_hours, charge.list_cost,
    charge.contracted_cost, charge.billed_cost, charge.effective_cost,
    charge.reporting_cost, charge.uncertainty,
    run.books_open_from, false as is_accrual
  from ledger.charge
  join ledger.run using (run_id)
  where charge.recorded_at <= :'as_of'
    and charge.charge_date < :'to'::date
    and (
      charge.charge_period_end > :'from'::timestamp at time zone 'UTC'
      or run.books_open_from >= :'from'::date
    )
  union all
  select
    accrual.account_id, accrual.provider, accrual.resource_id, accrual.meter, accrual.charge_date,
    accrual.charge_period_start, accrual.charge_period_end, accrual.day_rule,
    accrual.billing_currency, accrual.quantity, accrual.usage_hours, accrual.gpu_hours, accrual.list_cost,
    accrual.contracted_cost, accrual.billed_cost, accrual.effective_cost,
    accrual.reporting_cost, accrual.uncertainty,
    books.open_from, true
  from accrual_then as accrual
  cross join books
  where accrual.charge_date < :'to'::date
    and accrual.charge_period_end > :'from'::timestamp at time zone 'UTC'
),
share as (
  select
    known.*, day.cost_date, day.before, day.upto,
    greatest(date_trunc('month', day.cost_date::timestamp)::date, known.books_open_from)
      as statement_month
  from known
  cross join lateral ledger.days_of_charge(
    known.day_rule, known.charge_date, known.charge_period_start, known.charge_period_end
  ) as day
),
summed as (
  select
    account_id, resource_id, meter, cost_date, statement_month, billing_currency,
    min(provider) as provider,
    sum(round(quantity * upto, 9) - round(quantity * before, 9)) as quantity,
    coalesce(sum(round(usage_hours * upto, 9) - round(usage_hours * before, 9)), 0)
      as usage_hours,
    coalesce(sum(round(gpu_hours * upto, 9) - round(gpu_hours * before, 9)), 0) as gpu_hours,
    sum(round(list_cost * upto, 9) - round(list_cost * before, 9)) as list_cost,
    sum(round(contracted_cost * upto, 9) - round(contracted_cost * before, 9))
      as contracted_cost,
    sum(part.billed_cost) as billed_cost,
    sum(round(effective_cost * upto, 9) - round(effective_cost * before, 9)) as effective_cost,
    coalesce(sum(round(reporting_cost * upto, 9) - round(reporting_cost * before, 9)), 0)
      as reporting_cost,
    coalesce(sum(part.billed_cost) filter (where is_accrual), 0) as accrued_cost,
    coalesce(sum(part.billed_cost) filter (where part.uncertainty <> 0), 0) as estimated_cost,
    sum(part.uncertainty) as uncertainty
  from share
  cross join lateral (
    select
      round(share.billed_cost * upto, 9) - round(share.billed_cost * before, 9) as billed_cost,
      round(share.uncertainty * upto, 9) - round(share.uncertainty * before, 9) as uncertainty
  ) as part
  group by account_id, resource_id, meter, cost_date, statement_month, billing_currency
),
fact as (
  select * from summed
  where (
    quantity, usage_hours, list_cost, billed_cost, effective_cost, reporting_cost, uncertainty
  ) <> (0, 0, 0, 0, 0, 0, 0)
),
resource_then as (
  select * from mart.dim_resource where recorded_at <= :'as_of'
  union all
  select
    account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type, name,
    status, sku, region_id, region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
    started_at, ended_at, source_version, recorded_at
  from history.resource
  where recorded_at <= :'as_of' and superseded_at > :'as_of'
)
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
from fact
left join lateral (
  select candidate.*, tagged.team, tagged.project, tagged.environment
  from resource_then as candidate
  cross join lateral mart.owner_of_tags(candidate.tags) as tagged
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
where fact.statement_month not in (select month from closed_then)
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
where fact.statement_month in (select month from closed_then)
  and fact.cost_date < :'to'::date
  and (fact.cost_date >= :'from'::date or fact.statement_month >= :'from'::date)

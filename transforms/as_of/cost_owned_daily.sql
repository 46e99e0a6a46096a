-- The rows of rpt_cost_owned_daily as they were known at an instant, for the days and statements from
-- :'from' to before :'to': ledger entries recorded by then, accruals shown then, resources as they
-- were described then, the rules of then, and the months closed then as they were closed. The steps
-- of allocation stand for `known_spans`, `known_placed_facts`, `known_shares` and `known_owned`.
with closed_then as (
  select month from ledger.closed_month where closed_at <= :'as_of'
),
books as (
  select coalesce((max(month) + interval '1 month')::date, '-infinity') as open_from
  from closed_then
),
rule_then as (
  select * from reference.allocation_rule
  where loaded_at <= :'as_of' and (superseded_at is null or superseded_at > :'as_of')
),
-- Shares rest on whole months of costs, whatever range is asked for.
reach as materialized (
  select
    case when exists (select from rule_then where kind <> 'direct') then '-infinity'
      else :'from'::timestamp at time zone 'UTC' end as from_at
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
      charge.charge_period_end > (select from_at from reach)
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
    and accrual.charge_period_end > (select from_at from reach)
),
day_share as (
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
  from day_share
  cross join lateral (
    select
      round(day_share.billed_cost * upto, 9) - round(day_share.billed_cost * before, 9)
        as billed_cost,
      round(day_share.uncertainty * upto, 9) - round(day_share.uncertainty * before, 9)
        as uncertainty
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
),
team_then as (
  select * from reference.team
  where loaded_at <= :'as_of' and (superseded_at is null or superseded_at > :'as_of')
),
span as materialized (known_spans),
placed as (known_placed_facts),
month as (
  select distinct date_trunc('month', cost_date::timestamp)::date as cost_month from fact
),
share as materialized (known_shares),
owned as (known_owned)
select
  account_id, resource_id, meter, cost_date, cost_month, statement_month, billing_currency,
  provider, service_name, resource_type, resource_name, sku, region_id, region_name, team, project,
  environment, cost_centre, dimensions, allocation_rule, is_share, gpu_model, quantity,
  usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost, effective_cost,
  reporting_cost, accrued_cost, estimated_cost, uncertainty
from owned
where statement_month not in (select month from closed_then)
  and (cost_date >= :'from'::date or statement_month >= :'from'::date)
union all
select
  account_id, resource_id, meter, cost_date, date_trunc('month', cost_date::timestamp)::date,
  statement_month, billing_currency, provider, service_name, resource_type, resource_name, sku,
  region_id, region_name, team, project, environment, cost_centre, dimensions, allocation_rule,
  is_share, gpu_model, quantity, usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost,
  effective_cost, reporting_cost, accrued_cost, estimated_cost, uncertainty
from ledger.closed_cost
where statement_month in (select month from closed_then)
  and cost_date < :'to'::date
  and (cost_date >= :'from'::date or statement_month >= :'from'::date)

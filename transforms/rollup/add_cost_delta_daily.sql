-- The run's cost deltas by day: one row per daily fact that they change. A charge that days share is
-- cut by differences of a rounded cumulative amount, so that the days add up to it. A day of a closed
-- month is stated in the first month that was open when its part was learnt.
insert into cost_delta_daily (
  account_id, resource_id, meter, cost_date, statement_month, billing_currency, provider, quantity,
  usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost, effective_cost, reporting_cost,
  accrued_cost, estimated_cost, uncertainty
)
with share as (
  select
    cost_delta.*, day.cost_date, day.before, day.upto,
    greatest(date_trunc('month', day.cost_date::timestamp)::date, cost_delta.books_open_from)
      as statement_month
  from cost_delta
  cross join lateral ledger.days_of_charge(
    cost_delta.day_rule, cost_delta.charge_date, cost_delta.charge_period_start,
    cost_delta.charge_period_end
  ) as day
),
split as (
  select
    account_id, resource_id, meter, cost_date, statement_month, billing_currency, provider,
    is_accrual,
    part.quantity, part.usage_hours, part.gpu_hours, part.list_cost, part.contracted_cost,
    part.billed_cost, part.effective_cost, part.reporting_cost, part.uncertainty
  from share
  cross join lateral (
    select
      mart.share_of(share.quantity, before, upto) as quantity,
      mart.share_of(share.usage_hours, before, upto) as usage_hours,
      mart.share_of(share.gpu_hours, before, upto) as gpu_hours,
      mart.share_of(share.list_cost, before, upto) as list_cost,
      mart.share_of(share.contracted_cost, before, upto)
        as contracted_cost,
      mart.share_of(share.billed_cost, before, upto) as billed_cost,
      mart.share_of(share.effective_cost, before, upto)
        as effective_cost,
      mart.share_of(share.reporting_cost, before, upto)
        as reporting_cost,
      mart.share_of(share.uncertainty, before, upto) as uncertainty
  ) as part
)
select
  account_id, resource_id, meter, cost_date, statement_month, billing_currency,
  min(provider collate "C") as provider,
  sum(quantity) as quantity,
  coalesce(sum(usage_hours), 0) as usage_hours,
  coalesce(sum(gpu_hours), 0) as gpu_hours,
  sum(list_cost) as list_cost,
  sum(contracted_cost) as contracted_cost,
  sum(billed_cost) as billed_cost,
  sum(effective_cost) as effective_cost,
  coalesce(sum(reporting_cost), 0) as reporting_cost,
  coalesce(sum(billed_cost) filter (where is_accrual), 0) as accrued_cost,
  coalesce(sum(billed_cost) filter (where uncertainty <> 0), 0) as estimated_cost,
  sum(uncertainty) as uncertainty
from split
group by account_id, resource_id, meter, cost_date, statement_month, billing_currency

-- The daily facts as they were known at the instant: one row per resource, UTC day, meter, currency and
-- month of the statement.
-- Input entry_then: ledger entries and accruals of the instant.
with day_share as (
  select
    entry.*, day.cost_date, day.before, day.upto,
    greatest(date_trunc('month', day.cost_date::timestamp)::date, entry.books_open_from)
      as statement_month
  from entry_then as entry
  cross join lateral ledger.days_of_charge(
    entry.day_rule, entry.charge_date, entry.charge_period_start, entry.charge_period_end
  ) as day
),
summed as (
  select
    account_id, resource_id, meter, cost_date, statement_month, billing_currency,
    min(provider collate "C") as provider,
    sum(mart.share_of(quantity, before, upto)) as quantity,
    coalesce(sum(mart.share_of(usage_hours, before, upto)), 0)
      as usage_hours,
    coalesce(sum(mart.share_of(gpu_hours, before, upto)), 0) as gpu_hours,
    sum(mart.share_of(list_cost, before, upto)) as list_cost,
    sum(mart.share_of(contracted_cost, before, upto))
      as contracted_cost,
    sum(part.billed_cost) as billed_cost,
    sum(mart.share_of(effective_cost, before, upto)) as effective_cost,
    coalesce(sum(mart.share_of(reporting_cost, before, upto)), 0)
      as reporting_cost,
    coalesce(sum(part.billed_cost) filter (where is_accrual), 0) as accrued_cost,
    coalesce(sum(part.billed_cost) filter (where part.uncertainty <> 0), 0) as estimated_cost,
    sum(part.uncertainty) as uncertainty
  from day_share
  cross join lateral (
    select
      mart.share_of(day_share.billed_cost, before, upto)
        as billed_cost,
      mart.share_of(day_share.uncertainty, before, upto)
        as uncertainty
  ) as part
  group by account_id, resource_id, meter, cost_date, statement_month, billing_currency
)
select * from summed
where (
  quantity, usage_hours, list_cost, billed_cost, effective_cost, reporting_cost, uncertainty
) <> (0, 0, 0, 0, 0, 0, 0)

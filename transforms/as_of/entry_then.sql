-- The ledger entries recorded by the instant and the accruals shown then, of the days and statements
-- from :'from' to before :'to': one row per entry or accrual. Shares rest on whole months of costs,
-- whatever range is asked for.
-- Input known_rule: allocation rules of the instant.
-- Input known_closed_month: months that were closed.
-- Input accrual_then: accruals that were shown.
with books as (
  select coalesce((max(month) + interval '1 month')::date, '-infinity') as open_from
  from known_closed_month
),
reach as materialized (
  select
    case when exists (select from known_rule where kind <> 'direct') then '-infinity'
      else :'from'::timestamp at time zone 'UTC' end as from_at
)
select
  charge.account_id, charge.provider, charge.resource_id, charge.meter, charge.charge_date,
  charge.charge_period_start, charge.charge_period_end, charge.day_rule,
  charge.billing_currency, charge.quantity, charge.usage_hours, charge.gpu_hours,
  charge.list_cost,
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
  accrual.billing_currency, accrual.quantity, accrual.usage_hours, accrual.gpu_hours,
  accrual.list_cost,
  accrual.contracted_cost, accrual.billed_cost, accrual.effective_cost,
  accrual.reporting_cost, accrual.uncertainty,
  books.open_from as books_open_from, true as is_accrual
from accrual_then as accrual
cross join books
where accrual.charge_date < :'to'::date
  and accrual.charge_period_end > (select from_at from reach)

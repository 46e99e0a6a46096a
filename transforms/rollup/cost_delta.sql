-- What this run adds to or takes from cost, one row per ledger entry or accrual that it changes.
create temporary table cost_delta on commit drop as
with entered as (
  select charge.account_id, charge.provider, charge.resource_id, charge.meter, charge.charge_date,
    charge.charge_period_start, charge.charge_period_end, charge.day_rule,
    charge.billing_currency, charge.quantity, charge.usage_hours, charge.gpu_hours,
    charge.list_cost, charge.contracted_cost, charge.billed_cost, charge.effective_cost,
    charge.reporting_cost, charge.uncertainty, false as is_accrual,
    :'books_open_from'::date as books_open_from
  from ledger.charge
  where charge.run_id = :'run_id'
),
accrual_dropped as (
  select accrual.account_id, accrual.provider, accrual.resource_id, accrual.meter,
    accrual.charge_date, accrual.charge_period_start, accrual.charge_period_end,
    accrual.day_rule, accrual.billing_currency, -accrual.quantity, -accrual.usage_hours,
    -accrual.gpu_hours, -accrual.list_cost, -accrual.contracted_cost, -accrual.billed_cost,
    -accrual.effective_cost, -accrual.reporting_cost, -accrual.uncertainty, true,
    :'books_open_from'::date
  from accrual_difference
  join mart.accrual using (account_id, charge_key)
  where accrual_difference.is_held
),
accrual_added as (
  select desired.account_id, desired.provider, desired.resource_id, desired.meter,
    desired.charge_date, desired.charge_period_start, desired.charge_period_end,
    desired.day_rule, desired.billing_currency, desired.quantity, desired.usage_hours,
    desired.gpu_hours, desired.list_cost, desired.contracted_cost, desired.billed_cost,
    desired.effective_cost, desired.reporting_cost, desired.uncertainty, true,
    :'books_open_from'::date
  from accrual_difference
  join desired using (account_id, charge_key)
  where accrual_difference.is_wanted
)
select * from entered
union all
select * from accrual_dropped
union all
select * from accrual_added

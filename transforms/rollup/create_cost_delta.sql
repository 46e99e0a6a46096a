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
  select expected_charge.account_id, expected_charge.provider, expected_charge.resource_id, expected_charge.meter,
    expected_charge.charge_date, expected_charge.charge_period_start, expected_charge.charge_period_end,
    expected_charge.day_rule, expected_charge.billing_currency, expected_charge.quantity, expected_charge.usage_hours,
    expected_charge.gpu_hours, expected_charge.list_cost, expected_charge.contracted_cost, expected_charge.billed_cost,
    expected_charge.effective_cost, expected_charge.reporting_cost, expected_charge.uncertainty, true,
    :'books_open_from'::date
  from accrual_difference
  join expected_charge using (account_id, charge_key)
  where accrual_difference.is_expected
)
select * from entered
union all
select * from accrual_dropped
union all
select * from accrual_added

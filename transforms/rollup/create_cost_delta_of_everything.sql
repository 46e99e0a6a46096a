-- Every ledger entry and every accrual, in the shape of one run's cost deltas.
create temporary table cost_delta on commit drop as
select charge.account_id, charge.provider, charge.resource_id, charge.meter, charge.charge_date,
  charge.charge_period_start, charge.charge_period_end, charge.day_rule,
  charge.billing_currency, charge.quantity, charge.usage_hours, charge.gpu_hours,
  charge.list_cost, charge.contracted_cost, charge.billed_cost, charge.effective_cost,
  charge.reporting_cost, charge.uncertainty, false as is_accrual, run.books_open_from
from ledger.charge
join ledger.run using (run_id)
union all
select accrual.account_id, accrual.provider, accrual.resource_id, accrual.meter,
  accrual.charge_date, accrual.charge_period_start, accrual.charge_period_end,
  accrual.day_rule, accrual.billing_currency, accrual.quantity, accrual.usage_hours,
  accrual.gpu_hours, accrual.list_cost, accrual.contracted_cost, accrual.billed_cost,
  accrual.effective_cost, accrual.reporting_cost, accrual.uncertainty, true,
  (select ledger.books_open_from())
from mart.accrual

-- The charges known at an instant: entries recorded by then and not reversed by then, and accruals
-- shown then.
select
  charge.account_id, charge.provider, charge.charge_key, charge.resource_id, charge.meter,
  charge.charge_date, charge.charge_period_end, charge.price_source, charge.billing_currency,
  charge.usage_hours, charge.billed_cost,
  charge.reporting_cost, charge.uncertainty
from ledger.charge
where charge.entry = 'charge' and charge.recorded_at <= :'as_of' and not exists (
  select from ledger.charge as reversal
  where reversal.reverses_charge_id = charge.charge_id and reversal.recorded_at <= :'as_of'
)
union all
select
  account_id, provider, charge_key, resource_id, meter, charge_date, charge_period_end, price_source,
  billing_currency, usage_hours, billed_cost, reporting_cost, uncertainty
from mart.accrual
where recorded_at <= :'as_of'
union all
select
  account_id, provider, charge_key, resource_id, meter, charge_date, charge_period_end, price_source,
  billing_currency, usage_hours, billed_cost, reporting_cost, uncertainty
from history.accrual
where recorded_at <= :'as_of' and superseded_at > :'as_of'

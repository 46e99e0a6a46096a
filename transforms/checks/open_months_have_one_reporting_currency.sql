-- Claim: what open months state is in one reporting currency, that of the last transform.
-- Closed months keep theirs.
with stored as (
  select charge.account_id, charge.charge_key, charge.reporting_currency
  from ledger.charge
  join ledger.run using (run_id)
  where charge.entry = 'charge'
    and greatest(date_trunc('month', charge.charge_date::timestamp)::date, run.books_open_from)
      >= (select ledger.books_open_from())
    and not exists (
      select from ledger.charge as reversal where reversal.reverses_charge_id = charge.charge_id
    )
  union all
  select account_id, charge_key, reporting_currency from mart.accrual
)
select
  stored.account_id, stored.charge_key, stored.reporting_currency,
  state.reporting_currency as expected_currency
from stored
join mart.transform_state as state on state.reporting_currency <> stored.reporting_currency

-- Claim: what is posted does not accrue as well.
select accrual.account_id, accrual.charge_key, accrual.billed_cost as accrued
from mart.accrual
where exists (
  select from ledger.charge
  where charge.account_id = accrual.account_id and charge.charge_key = accrual.charge_key
    and charge.entry = 'charge' and not exists (
      select from ledger.charge as reversal where reversal.reverses_charge_id = charge.charge_id
    )
)

-- Claim: the cost in the reporting currency is the billed cost at the exchange rate of its row.
select
  account_id, charge_key, billed_cost, exchange_rate, reporting_cost,
  round(billed_cost * exchange_rate, 9) as expected_cost
from ledger.charge
where reporting_cost is distinct from round(billed_cost * exchange_rate, 9)

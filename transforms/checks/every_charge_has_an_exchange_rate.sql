-- Claim: every charge is known in the reporting currency; without a rate it is missing from reports.
select account_id, charge_key, billing_currency, charge_date, billed_cost
from intermediate.known_charge
where reporting_cost is null

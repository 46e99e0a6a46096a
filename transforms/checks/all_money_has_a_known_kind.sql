-- Claim: all money is of a kind that is known; other money stands as an adjustment until looked at.
select account_id, charge_key, resource_id, charge_date, billed_cost, billing_currency
from intermediate.known_charge
where price_source = 'unclassified'

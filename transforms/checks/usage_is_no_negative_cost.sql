-- Claim: usage never costs less than nothing; money back is a credit or an adjustment.
select account_id, charge_key, resource_id, quantity, billed_cost, billing_currency
from intermediate.known_charge
where charge_category = 'Usage' and (billed_cost < 0 or usage_hours < 0)

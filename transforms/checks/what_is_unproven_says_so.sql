-- Claim: what is delivered is charged, and a price that rests on a capacity which nothing tells is uncertain.
select account_id, resource_id, charge_key, defect
from intermediate.unproven_charge

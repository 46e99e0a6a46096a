-- Claim: what a catalogue priced in the place of a bill declares how much it may be wrong by.
select account_id, charge_key, resource_id, price_source, billed_cost, uncertainty
from intermediate.known_charge
where price_source like 'catalogue:%' and billed_cost <> 0 and uncertainty = 0

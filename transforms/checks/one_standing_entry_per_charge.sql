-- Claim: of each charge at most one entry stands, so that nothing is counted twice.
select account_id, charge_key, count(*) as standing_entries, sum(billed_cost) as counted
from ledger.charge
where entry = 'charge' and not exists (
  select from ledger.charge as reversal where reversal.reverses_charge_id = charge.charge_id
)
group by account_id, charge_key
having count(*) > 1

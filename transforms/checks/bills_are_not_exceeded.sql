-- Claim: no billing term is charged beyond the total of its last bill, but for what the ledger declares uncertain.
select account_id, provider, line, ours, theirs, uncertainty
from intermediate.reconciliation_line
where source = 'term total' and measure = 'money'
  and ours - uncertainty - rounding > theirs

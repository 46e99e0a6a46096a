-- One row: proofs of the months in range whose differences nothing explains.
select count(*) as value
from mart.rpt_reconciliation
where state = 'differs'
  and $__filtered(provider, account)
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()

-- One row: proofs of the months in range whose differences nothing explains.
select count(*) as value
from mart.rpt_reconciliation
where state = 'differs'
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()

-- One row per unit: what nothing explains in the proofs of the months in range.
select unit as metric, sum(unexplained) as value
from mart.rpt_reconciliation
where is_proof
  and $__filtered(provider, account)
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
group by unit
order by unit

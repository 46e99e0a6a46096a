-- One row: of the lines that can be compared, the share that matches or is explained.
select 1 - sum(lines_unexplained) / nullif(sum(lines - lines_open), 0) as value
from mart.rpt_reconciliation
where $__filtered(provider, account)
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()

-- One row: how many lines of the last check differ and nothing explains.
select coalesce(sum(lines_unexplained) filter (where is_proof), 0) as value
from mart.rpt_reconciliation

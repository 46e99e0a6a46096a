-- One row: the differences with providers' own figures that nothing explains, as lines.
select coalesce(sum(lines_unexplained) filter (where is_proof), 0) as value
from mart.rpt_reconciliation
where provider in (${provider:sqlstring})

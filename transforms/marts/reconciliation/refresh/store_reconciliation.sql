insert into mart.reconciliation (
  account_id, provider, month, source, line, measure, unit, ours, theirs, difference, class,
  uncertainty, rounding, tax, quantity_difference, is_final, is_proof, note, source_versions,
  checked_at
)
select
  account_id, provider, month, source, line, measure, unit, ours, theirs, difference, class,
  uncertainty, rounding, tax, quantity_difference, is_final, is_proof, note, source_versions,
  :'now'
from mart.rpt_reconciliation_line

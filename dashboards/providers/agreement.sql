-- One row per account, month and source: our figures beside the provider's own, without lines of which
-- it has reported no figure yet.
select
  to_char(month, 'YYYY-MM') as month, provider, source, state,
  compared_ours as ours, compared_theirs as theirs, unit,
  lines - lines_open as lines, lines_matched, lines_open, lines_unexplained, unexplained
from mart.rpt_reconciliation
where is_proof
  and $__filtered(provider, account)
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
order by month desc, provider, source

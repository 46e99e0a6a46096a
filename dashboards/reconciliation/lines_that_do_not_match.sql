-- One row per comparison of the months in range that is not equal, leaving out mere rounding: what
-- to review first, then the largest differences.
select
  to_char(month, 'YYYY-MM') as month, class, provider, source, line_name,
  case when resource_id is not null then 'show' end as detail, resource_id,
  ours, theirs, difference, unit, note
from mart.rpt_reconciliation_difference
where verdict <> 'matched' and class <> 'rounding'
  and $__filtered(provider, account)
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
order by verdict = 'to review' desc, is_proof desc, abs(difference) desc, month, line
limit 200

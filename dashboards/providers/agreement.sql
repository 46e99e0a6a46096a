-- One row per provider, month and source: our figures beside the provider's own.
select
  month::timestamp at time zone 'UTC' as month, provider, source,
  case
    when not is_proof then 'cross-check'
    when is_failing then 'differs'
    when lines_unexplained > 0 then 'within tolerance'
    else 'agrees'
  end as state,
  ours, theirs, unit, lines, lines_matched, lines_explained, lines_unexplained, unexplained
from mart.rpt_reconciliation
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and month >= date_trunc('month', $__timeFrom()::timestamptz, 'UTC') and month <= $__timeTo()
order by month desc, provider, source

-- One row per account, provider, source and unit: both sums over the months in range, of the lines
-- that can be compared, and what of their difference nothing explains.
select
  case when bool_or(state = 'differs') then 'differs'
    when bool_or(state = 'agrees') then 'agrees' else 'open' end as "State",
  provider as "Provider", account_id as "Account", source as "Source",
  case when is_proof then 'proof' else 'cross-check' end as "Kind",
  sum(lines - lines_open) as "Lines",
  sum(lines_matched) / nullif(sum(lines - lines_open), 0) as "Equal",
  sum(lines_open) as "Open lines",
  sum(compared_ours) as "Ours", sum(compared_theirs) as "Theirs",
  sum(compared_ours) - sum(compared_theirs) as "Difference",
  sum(unexplained) as "Unexplained", sum(tolerance) as "Tolerance", unit as "Unit"
from mart.rpt_reconciliation
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
group by account_id, provider, source, unit, is_proof
order by sum(unexplained) > sum(tolerance) desc, is_proof desc, provider, account_id, source, unit

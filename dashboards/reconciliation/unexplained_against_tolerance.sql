-- One row per account, provider, source and unit: both sums over the months in range, of the lines
-- that can be compared, and what of their difference nothing explains.
select
  case
    when bool_or(state = 'differs') then 'differs'
    when bool_or(state = 'uncertain') then 'uncertain'
    when bool_or(state = 'open') then 'open'
    when bool_or(state = 'not compared') then 'not compared'
    else 'agrees'
  end as state,
  provider, account_id,
  case when is_proof then source else source || ' (cross-check)' end as source,
  sum(lines - lines_open) as lines,
  sum(lines_matched) / nullif(sum(lines - lines_open), 0) as share_equal,
  sum(lines_open) as lines_open,
  round(sum(compared_ours), 2) as ours, round(sum(compared_theirs), 2) as theirs,
  round(sum(compared_ours) - sum(compared_theirs), 2) as difference,
  round(sum(unexplained), 2) as unexplained, sum(tolerance) as tolerance, unit
from mart.rpt_reconciliation
where $__filtered(provider, account)
  and month < $__timeTo() and month + interval '1 month' > $__timeFrom()
group by account_id, provider, source, unit, is_proof
order by bool_or(state = 'differs') desc, is_proof desc, provider, account_id, 4, unit

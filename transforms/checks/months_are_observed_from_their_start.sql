-- Notice: in these months money may be missing: the fleet is older than the first sync of its stream,
-- and what had ended by then was never observed (`collect --since` reads what is still reported).
select
  unobserved.account_id,
  unobserved.provider,
  unobserved.stream,
  to_char(unobserved.starts_at at time zone 'UTC', 'YYYY-MM') as month,
  unobserved.ends_at as observed_from,
  unobserved.may_hide_cost,
  unobserved.can_be_collected,
  closed.closed_at
from mart.rpt_coverage_unobserved as unobserved
left join ledger.closed_month as closed
  on closed.month = (unobserved.starts_at at time zone 'UTC')::date
order by unobserved.starts_at desc, unobserved.account_id collate "C", unobserved.stream collate "C"

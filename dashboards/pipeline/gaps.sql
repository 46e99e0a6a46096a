-- One row per gap that touches the range and that the provider will not report again.
select
  account_id, stream, starts_at, ends_at, hours, may_hide_cost
from mart.rpt_coverage_missing
where starts_at < $__timeTo() and ends_at > $__timeFrom()
  and $__filtered(account, stream)
order by starts_at desc
limit 50

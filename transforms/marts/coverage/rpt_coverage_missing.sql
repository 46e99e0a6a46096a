-- One row per account, stream and stretch of time that was not looked at and that nothing will tell
-- of any more: rpt_coverage_gap as of the last refresh of the reports, of streams that charges rest
-- on. `may_hide_cost` is in the reporting currency.
select
  account_id, stream, starts_at, ends_at, is_over,
  round(extract(epoch from ends_at - starts_at) / 3600, 2) as hours,
  may_hide_cost
from mart.coverage_gap
where is_missing

-- The gaps as they are told now: the next look at a stream changes its last one.
insert into mart.coverage_gap (
  account_id, stream, starts_at, ends_at, is_metering, is_over, is_missing, may_hide_cost
)
select
  account_id, stream, starts_at, ends_at, is_metering, is_over, is_missing, may_hide_cost
from mart.rpt_coverage_gap

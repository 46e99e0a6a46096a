-- Notice: for these stretches nobody looked, and the provider tells of them no more.
select account_id, stream, starts_at, ends_at, may_hide_cost
from mart.rpt_coverage_gap
where is_missing and not is_before_first

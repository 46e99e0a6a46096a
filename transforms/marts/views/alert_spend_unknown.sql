-- One row per running budget: whether its spend cannot be judged (`value` 1) and why, or can (0).
-- Stands beside every rule about spend: no data is not no spend.
select
  budget,
  period,
  to_char(period_start, 'YYYY-MM-DD') as period_start,
  coalesce(doubt, 'none') as doubt,
  case when doubt is null then 0 else 1 end as value
from mart.rpt_budget
where not is_over

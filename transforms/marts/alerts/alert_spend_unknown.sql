-- One row per running budget: whether its spend cannot be judged (`value` 1) and why, or can (0).
-- Stands beside every rule about spend: no data is not no spend. A judgement that is two hours older
-- than the warehouse is none.
select
  judged.budget,
  judged.period,
  to_char(judged.period_start, 'YYYY-MM-DD') as period_start,
  coalesce(known.doubt, 'none') as doubt,
  case when known.doubt is null then 0 else 1 end as value
from mart.rpt_budget_state as judged
cross join mart.rpt_clock as clock
cross join lateral (
  select coalesce(
    judged.doubt,
    case
      when clock.clock_at - judged.judged_at > interval '2 hours'
        then 'it was last judged at '
          || to_char(judged.judged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"')
    end
  ) as doubt
) as known
where not judged.is_over

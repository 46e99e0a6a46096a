-- One row per running budget: whether its spend cannot be judged (`value` 1), or can (0), and for which of a
-- few reasons; mart.rpt_budget_state has the doubt in full. It cannot be judged where half, four fifths or
-- all of the amount lies between what is spent at least and at most, or nothing bounds it. A judgement that is
-- two hours older than the warehouse is none. Complements every rule about spend: no data is not no spend.
select
  judged.budget,
  judged.period,
  to_char(judged.period_start, 'YYYY-MM-DD') as period_start,
  case
    when known.is_old then 'old judgement'
    when not known.is_judged then coalesce(judged.doubt_kind, 'declared uncertainty')
    else 'none'
  end as reason,
  case when known.is_judged and not known.is_old then 0 else 1 end as value
from mart.rpt_budget_state as judged
cross join mart.rpt_clock as clock
cross join lateral (
  select
    clock.clock_at - judged.judged_at > interval '2 hours' as is_old,
    judged.amount is not null
      and (judged.most_cost is not null or judged.spent_cost >= judged.amount)
      and not exists (
        select from unnest(array[50, 80, 100]) as percent
        where judged.spent_cost < judged.amount * percent / 100
          and judged.most_cost >= judged.amount * percent / 100
      ) as is_judged
) as known
where not judged.is_over

-- Records changes that the figures show and that are not told because they cannot be trusted: once,
-- until they can be. Returns one row per change that is newly held back.
insert into notify.hold_back (budget, period_start, kind, percent, reason, held_at)
select threshold.budget, threshold.period_start, threshold.kind, threshold.percent,
  threshold.doubt, :'now'
from judged_threshold as threshold
left join notify.threshold_state as held using (budget, period_start, kind, percent)
where threshold.state = 'unknown' and threshold.doubt is not null and not threshold.is_over
  and case
    when coalesce(held.is_reached, false) then not threshold.is_near
    else threshold.is_reached
  end
on conflict (budget, period_start, kind, percent) where released_at is null do nothing
returning budget, kind, percent, reason

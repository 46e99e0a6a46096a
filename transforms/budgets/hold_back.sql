-- Records thresholds that what is spent at least leaves and what is spent at most does not: nothing is
-- reported of them until the doubt is gone. Returns one row per change that is newly held back.
insert into notify.hold_back (budget, period_start, kind, percent, reason, held_at)
select threshold.budget, threshold.period_start, threshold.kind, threshold.percent,
  threshold.doubt, :'now'
from judged_threshold as threshold
join notify.threshold_state as held using (budget, period_start, kind, percent)
where threshold.doubt is not null and not threshold.is_over and held.is_reached
  and threshold.is_near and threshold.measured_cost < threshold.threshold_cost * 0.95
on conflict (budget, period_start, kind, percent) where released_at is null do nothing
returning budget, kind, percent, reason

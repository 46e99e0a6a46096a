-- Releases what was held back, once its threshold is left at most, too, or reached again, or its budget is
-- gone. One that cannot be computed now releases nothing.
update notify.hold_back as held set released_at = :'now'
where held.released_at is null and not :'unjudged'::jsonb ? held.budget and not exists (
  select from judged_threshold as threshold
  where threshold.budget = held.budget and threshold.period_start = held.period_start
    and threshold.kind = held.kind and threshold.percent = held.percent
    and threshold.doubt is not null and threshold.is_near
    and threshold.measured_cost < threshold.threshold_cost * 0.95
)

-- Releases what was held back, once its threshold is known for certain or nobody asks any more.
update notify.hold_back as held set released_at = :'now'
where held.released_at is null and not exists (
  select from judged_threshold as threshold
  where threshold.budget = held.budget and threshold.period_start = held.period_start
    and threshold.kind = held.kind and threshold.percent = held.percent
    and threshold.state = 'unknown'
)

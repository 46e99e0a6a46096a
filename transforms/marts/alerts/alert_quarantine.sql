-- One row per account, stream and entity with records set aside. `value`: hours since the oldest of
-- them was seen first; what they say is not counted.
select
  quarantine.account_id,
  quarantine.stream,
  quarantine.entity,
  round(extract(epoch from max(clock.clock_at - quarantine.first_seen_at)) / 3600, 2) as value
from landing.quarantine
cross join mart.rpt_clock as clock
where quarantine.released_at is null
group by quarantine.account_id, quarantine.stream, quarantine.entity

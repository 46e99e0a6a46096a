-- One row per account, stream, entity and reason for which records wait in quarantine: how many, and
-- since when. What they hold is not shown.
select
  held.account_id,
  held.stream,
  held.entity,
  held.reason,
  count(*) as records,
  min(held.first_seen_at) as first_seen_at,
  max(held.last_seen_at) as last_seen_at,
  round(extract(epoch from clock.clock_at - min(held.first_seen_at)) / 3600, 2) as age_hours
from landing.quarantine as held
cross join mart.rpt_clock as clock
where held.released_at is null
group by held.account_id, held.stream, held.entity, held.reason, clock.clock_at

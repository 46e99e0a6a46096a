-- Claim: no record is set aside for more than a day: what it says is not counted.
select
  quarantine.account_id, quarantine.entity, quarantine.record_key, quarantine.reason,
  quarantine.first_seen_at
from landing.quarantine
cross join mart.transform_state as state
where quarantine.released_at is null
  and quarantine.first_seen_at < state.clock_at - interval '24 hours'

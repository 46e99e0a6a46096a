-- One row per charge that the files state now. A charge that two deliveries hold counts once, as the one that
-- was delivered last has it.
select charge.*
from staging.stg_focus__charge as charge
where charge.ended_at is null
  and not exists (
    select from landing.version as twin
    where twin.account_id = charge.account_id and twin.entity = 'focus.charge'
      and twin.record_key = charge.record_key and twin.ended_at is null
      and (twin.seen_from, twin.version_id) > (charge.seen_from, charge.version_id)
  )

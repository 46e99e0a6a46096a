-- Empties the queue from landing into this transaction: one row per landed change. Those of a refused
-- account wait, and so do those of a sweep that began after the run's clock was read: nothing of it
-- counts yet at that instant, so that taken now it would never be counted.
create temporary table taken_change on commit drop as
with taken as (
  delete from landing.change
  where not exists (
    select from landing.account
    where account.account_id = change.account_id and account.refused_because is not null
  )
  and not exists (
    select from landing.version
    where version.version_id = change.version_id
      and case change.kind when 'gone' then version.ended_at else version.seen_from end
        > :'now'::timestamptz
  )
  returning *
)
select account_id, entity, slice, record_key, version_id, kind, previous_seen_to
from taken

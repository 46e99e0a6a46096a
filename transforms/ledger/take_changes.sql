-- Empties the queue from landing into this transaction: one row per landed change. Those of a refused
-- account wait.
create temporary table taken_change on commit drop as
with taken as (
  delete from landing.change
  where not exists (
    select from landing.account
    where account.account_id = change.account_id and account.refused_because is not null
  )
  returning *
)
select account_id, entity, slice, record_key, version_id, kind, previous_seen_to
from taken

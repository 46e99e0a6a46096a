-- Empties the queue from landing into this transaction: one row per landed change.
create temporary table taken_change on commit drop as
with taken as (
  delete from landing.change returning *
)
select account_id, entity, slice, record_key, version_id, kind, previous_seen_to
from taken

-- Claim: of each record one payload is seen at a time.
with followed as (
  select
    account_id, entity, slice, record_key, version_id, seen_from, ended_at,
    lead(seen_from) over (
      partition by account_id, entity, slice, record_key order by seen_from, version_id
    ) as next_from
  from landing.version
)
select account_id, entity, slice, record_key, version_id, seen_from, ended_at, next_from
from followed
where next_from < coalesce(ended_at, 'infinity')

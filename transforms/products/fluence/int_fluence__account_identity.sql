-- One row per account and user that its key belongs to.
select
  version.account_id,
  'Fluence user' as kind,
  version.payload ->> 'id' as identity,
  version.seen_from,
  version.ended_at
from landing.version as version
where version.entity = 'fluence.user'

-- One row per account and organisation that its key can read.
select
  version.account_id,
  'OpenMetal organization' as kind,
  version.record_key as identity,
  version.seen_from,
  version.ended_at
from landing.version as version
where version.entity = 'openmetal.organization'

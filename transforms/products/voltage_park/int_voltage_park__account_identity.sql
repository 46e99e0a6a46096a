-- One row per account and organisation that its token belongs to.
select
  version.account_id,
  'Voltage Park organization' as kind,
  version.payload ->> 'id' as identity,
  version.seen_from,
  version.ended_at
from landing.version as version
where version.entity = 'voltage_park.organization'

-- One row per version of the organisation's combined hourly rate.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  (version.payload ->> 'rate_hourly')::numeric as total_usd_per_hour,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'voltage_park.hourly_rate'

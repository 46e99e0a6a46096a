-- One row per version of the list price of shared storage, as the provider words it: per GB and
-- hour, though the documents' example fits 100 GB.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  (version.payload ->> 'hourly_rate_per_gb')::numeric as usd_per_gb_hour,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'voltage_park.storage_hourly_rate'

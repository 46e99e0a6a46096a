-- One row per version of an asset's counters: whole hours since its creation and in the current
-- term, and the vendor's own accrual in USD.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as asset_id,
  version.slice as cloud_id,

  (version.payload ->> 'lifetime_usage')::numeric as lifetime_hours,
  (version.payload ->> 'period_usage')::numeric as term_hours,
  (version.payload ->> 'period_cost')::numeric as term_cost_usd,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'openmetal.asset_usage'

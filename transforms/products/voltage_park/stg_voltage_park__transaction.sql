-- One row per version of a transaction as a whole, from the organisation's log. Amounts carry the
-- provider's sign.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  version.payload #>> '{details,note_public}' as note,

  (version.payload ->> 'total_amount')::numeric as total_usd,

  (version.payload ->> 'timestamp_creation')::timestamptz as created_at,
  (version.payload ->> 'timestamp_completion')::timestamptz as completed_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'voltage_park.transaction'

-- One row per version of a month's report (the slice): the window it covers, and two counts of the
-- moment at which it was made.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  (version.payload ->> 'total_nodes')::numeric as nodes_now,
  (version.payload ->> 'total_active_vms')::numeric as active_vms_now,

  (version.slice || '-01')::date as usage_month,
  (version.payload -> 'period' ->> 'start')::timestamptz as period_start,
  (version.payload -> 'period' ->> 'end')::timestamptz as period_end,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'flexvm.report'

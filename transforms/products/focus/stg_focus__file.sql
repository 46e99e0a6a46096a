-- One row per version of a delivered file's report: how it was written, and what was tolerated in it.
select
  version.account_id,
  version.slice,
  version.record_key as path,
  version.version_id,

  version.payload ->> 'version' as focus_version,
  version.payload -> 'missing' as missing_columns,
  version.payload -> 'unknown' as unknown_columns,
  version.payload -> 'tolerated' as tolerated,

  (version.payload ->> 'rows')::bigint as rows,
  (version.payload ->> 'setAside')::bigint as rows_set_aside,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'focus.file'

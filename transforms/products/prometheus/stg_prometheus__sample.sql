-- One row per version of a series of a declared metric on a UTC day and hour sampled: the value at the
-- hour's end is the hour's. What is not finite is no value: null.
select
  version.account_id,
  split_part(version.slice, '/', 1) as metric,
  split_part(version.slice, '/', 2)::date as usage_date,
  version.record_key as series,
  version.payload -> 'metric' as labels,
  to_timestamp((sample ->> 0)::bigint) - interval '1 hour' as hour_start,
  case when sample ->> 1 !~ '[NI]' then (sample ->> 1)::numeric end as value,
  version.version_id,
  version.seen_from,
  version.ended_at
from landing.version as version
cross join lateral jsonb_array_elements(version.payload -> 'values') as sample
where version.entity = 'prometheus.series'

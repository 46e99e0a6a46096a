-- One row per version of a server's use in one UTC calendar month (the slice). Of the two bandwidth
-- fields the outgoing one is billable; the specification describes bandwidthIn as outgoing, so it
-- stands in where the other is missing.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.payload -> 'server' ->> 'uuid' as server_id,

  version.payload -> 'server' -> 'instanceType' ->> 'name' as sku,
  version.payload -> 'server' -> 'location' ->> 'name' as region_id,

  (version.payload ->> 'totalHours')::numeric as billable_hours,
  (version.payload ->> 'totalMinutes')::numeric as usage_minutes,
  coalesce(version.payload ->> 'bandwidthOut', version.payload ->> 'bandwidthIn')::numeric
    as egress_bytes,

  (version.slice || '-01')::date as usage_month,
  (version.payload ->> 'startedAt')::timestamptz as usage_started_at,
  nullif(version.payload ->> 'endedAt', '')::timestamptz as usage_ended_at,
  to_timestamp(nullif((version.payload -> 'server' ->> 'createdAt')::numeric, 0)) as created_at,
  case
    when (version.payload -> 'server' ->> 'deliveredAt')::numeric >= 946684800 -- before 2000: no time was noted
      then to_timestamp((version.payload -> 'server' ->> 'deliveredAt')::numeric)
  end as delivered_at,
  to_timestamp(nullif((version.payload -> 'server' ->> 'releasedAt')::numeric, 0)) as released_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'flexmetal.usage'

-- One row per version of a FlexVM cloud.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as cloud_id,

  version.payload ->> 'name' as name,
  version.payload ->> 'description' as description,
  version.payload ->> 'site' as region_id,
  version.payload ->> 'instance_type' as node_sku,

  case
    when version.payload ->> 'created_at' ~ '^\d+$'
      then to_timestamp(nullif((version.payload ->> 'created_at')::numeric, 0))
    else nullif(version.payload ->> 'created_at', '')::timestamptz
  end as created_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'flexvm.cloud'

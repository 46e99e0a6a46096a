-- One row per version of an IP block. Routed blocks are billed, save those that came with the
-- cloud.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as prefix_id,
  version.payload #>> '{fields,cloud_id}' as cloud_id,

  version.payload ->> 'label' as label,
  version.payload #>> '{fields,cidr}' as cidr,
  version.payload #>> '{fields,product_addon}' as addon_code,
  version.payload #>> '{fields,pod_location}' as region_id,
  coalesce(
    version.payload #>> '{fields,prefix_type}' = 'routed'
      and version.payload #>> '{fields,created_from}' <> 'central',
    false
  ) as is_billable,

  (version.payload #>> '{fields,length}')::numeric as prefix_length,

  (version.payload ->> 'created_at')::timestamptz as created_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'openmetal.prefix'

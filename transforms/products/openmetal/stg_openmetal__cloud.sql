-- One row per version of a cloud's record.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as cloud_id,
  version.payload #>> '{fields,organization_id}' as organization_id,
  version.payload #>> '{fields,order_id}' as order_id,

  version.payload ->> 'label' as label,
  version.payload #>> '{fields,cloud_type}' as cloud_type,
  version.payload #>> '{fields,pod_location}' as region_id,
  version.payload #>> '{fields,provision_status}' as provision_status,
  coalesce((version.payload #>> '{fields,pending_delete}')::boolean, false) as is_pending_delete,

  (version.payload ->> 'created_at')::timestamptz as created_at,
  (version.payload #>> '{fields,provision_completion_time}')::timestamptz as provisioned_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'openmetal.cloud'

-- One row per version of the free stock of a hardware SKU at a pod.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as sku,
  version.slice as region_id,

  (version.payload ->> 'count')::numeric as free_servers,
  (version.payload ->> 'max_size')::numeric as largest_deployment_servers,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'openmetal.availability'

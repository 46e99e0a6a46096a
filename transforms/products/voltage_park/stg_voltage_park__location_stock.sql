-- One row per version of a location and GPU model that its host nodes have left to rent.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.payload ->> 'id' as location_id,
  gpu.model as gpu_model,

  gpu.count as gpus_available,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral (
  select held.key as model, sum((held.value ->> 'count')::numeric) as count
  from jsonb_array_elements(version.payload -> 'hostnodes') as node
  cross join lateral jsonb_each(
    nullif(node.value #> '{available_resources,gpus}', 'null')
  ) as held
  group by held.key
) as gpu
where version.entity = 'voltage_park.location'

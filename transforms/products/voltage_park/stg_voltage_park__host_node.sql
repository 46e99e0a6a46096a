-- One row per version of a location and host node that it lists: what is left to rent on it.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.payload ->> 'id' as location_id,
  node.value ->> 'id' as host_node_id,

  nullif(
    concat_ws(
      ', ',
      version.payload ->> 'city', version.payload ->> 'region', version.payload ->> 'country'
    ),
    ''
  ) as location_name,

  (node.value #>> '{available_resources,vcpu_count}')::numeric as vcpu_available,
  (node.value #>> '{available_resources,ram_gb}')::numeric as memory_gib_available,
  (node.value #>> '{available_resources,storage_gb}')::numeric as storage_gb_available,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral jsonb_array_elements(version.payload -> 'hostnodes') as node
where version.entity = 'voltage_park.location'

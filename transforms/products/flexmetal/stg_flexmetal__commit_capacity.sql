-- One row per version of a location's committed capacity and instance type.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  version.payload -> 'location' ->> 'name' as region_id,
  item -> 'instanceType' ->> 'name' as sku,

  (item ->> 'capacity')::numeric as capacity_servers,
  (item ->> 'inUse')::numeric as used_servers,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral jsonb_array_elements(version.payload -> 'commits') as item
where version.entity = 'flexmetal.commit_capacity'

-- One row per version of a location's quota, instance type and contract (empty: on demand).
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  coalesce(item ->> 'contractId', '') as contract_id,

  version.payload -> 'location' ->> 'name' as region_id,
  item -> 'instanceType' ->> 'name' as sku,

  (item ->> 'quota')::numeric as quota_servers,
  (item ->> 'usage')::numeric as used_servers,

  item ->> 'quotaType' = 'commit' as is_commitment,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral jsonb_array_elements(version.payload -> 'quotaUsage') as item
where version.entity = 'flexmetal.quota'

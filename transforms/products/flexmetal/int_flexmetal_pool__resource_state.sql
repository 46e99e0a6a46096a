-- One row per account and pool of committed servers: from the start of its first term. A view knows
-- no clock, so a pool whose ended_at has passed still reads as running. A pool that samples still
-- tell has no end.
select
  account_id,
  pool_id as resource_id,
  min(starts_at) as valid_from,
  null::timestamptz as valid_to,
  'i3d-flexmetal' as provider,
  'FlexMetal' as service_name,
  'Committed Capacity' as resource_type,
  contract_id as name,
  'running' as status,
  sku,
  region_id,
  region_id as region_name,
  '{}'::text[] as tags,
  null::text as gpu_model,
  0 as gpu_count,
  null::numeric as vcpu_count,
  null::numeric as memory_gib,
  min(starts_at) filter (where capacity > 0) as started_at,
  nullif(max(ends_at), 'infinity') as ended_at,
  null::bigint as source_version
from intermediate.int_flexmetal__pool_term
where capacity_most > 0
group by account_id, pool_id, contract_id, sku, region_id

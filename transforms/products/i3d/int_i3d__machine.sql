-- One row per machine that is billed by hour blocks of its own: servers on demand, virtual machines
-- and hosts of FlexVM clouds. What it is, and from when until when it is billed, by all that is known
-- now. The first instants that it can have begun and ended at are `_not_before`.
select
  'i3d-flexmetal' as provider,
  'flexmetal' as product,
  'server-hours' as meter,
  account_id,
  server_id as resource_id,
  null::text as cloud_id,
  sku,
  region_id,

  started_at,
  start_not_before,
  ended_at,
  end_not_before,

  start_version_id,
  end_version_id
from intermediate.int_flexmetal__life
where contract_id = ''
union all
select
  'i3d-flexvm', 'flexvm', 'vm-hours', account_id, vm_id, cloud_id, sku, region_id,
  started_at, started_at, ended_at, end_not_before,
  start_version_id, end_version_id
from intermediate.int_flexvm__life
union all
select
  'i3d-flexvm', 'flexvm', 'node-hours', account_id, node_id, cloud_id, sku, region_id,
  started_at, start_not_before, ended_at, end_not_before,
  start_version_id, end_version_id
from intermediate.int_flexvm_node__life

-- One row per machine and interval in which nothing about it changed but its counters. It begins
-- with its creation and has ended when a complete listing did not hold it any more (and begins anew
-- should it be listed again). Whatever is listed is charged, so it is running.
--
-- The steps stand inside a lateral join, one machine at a time: around it, PostgreSQL could not
-- look up a few machines without working out all.
select
  latest.account_id,
  latest.resource_id,
  state.valid_from,
  state.valid_to,
  'fluence' as provider,
  'Fluence CPU Cloud' as service_name,
  'Virtual Machine' as resource_type,
  state.name,
  state.status,
  state.sku,
  state.region_id,
  state.region_name,
  '{}'::text[] as tags,
  state.gpu_model,
  state.gpu_count,
  state.vcpu_count,
  state.memory_gib,
  latest.created_at as started_at,
  latest.ended_at,
  state.version_id as source_version
from staging.stg_fluence__vm as latest
cross join lateral (
  with observation as (
    select
      vm.version_id, vm.seen_from, vm.ended_at, vm.ended_because,
      lag(vm.version_id) over in_order is null as is_first,
      vm.description is distinct from lag(vm.description) over in_order
        or lag(vm.ended_because) over in_order = 'gone' as is_changed
    from staging.stg_fluence__vm as vm
    where vm.account_id = latest.account_id
      and vm.resource_id = latest.resource_id
    window in_order as (order by vm.seen_from, vm.version_id)
  ),
  beginning as (
    select
      version_id, 'running' as status,
      case when is_first then least(latest.created_at, seen_from) else seen_from end as valid_from
    from observation
    where is_changed
    union all
    select version_id, 'ended' as status, ended_at as valid_from
    from observation
    where ended_because = 'gone'
  ),
  bounded as (
    select
      beginning.*,
      lead(valid_from) over (order by valid_from, version_id, status desc) as valid_to
    from beginning
  )
  select
    bounded.*,
    vm.name, vm.sku, vm.region_id, vm.region_name,
    vm.gpu_model, vm.gpu_count, vm.vcpu_count, vm.memory_gib
  from bounded
  join staging.stg_fluence__vm as vm on vm.version_id = bounded.version_id
  where valid_to is null or valid_to > valid_from
) as state
-- The latest version of a machine is current, or gone with none after it.
where latest.ended_at is null
  or (
    latest.ended_because = 'gone'
    and not exists (
      select from staging.stg_fluence__vm as later
      where later.account_id = latest.account_id
        and later.resource_id = latest.resource_id
        and (later.seen_from, later.version_id) > (latest.seen_from, latest.version_id)
    )
  )

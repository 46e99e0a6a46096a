-- One row per virtual machine and interval in which nothing about it changed. The first begins with
-- the VM; one first seen after its deletion has run until then. VMs that the list never showed
-- (they may live for minutes) are taken from the monthly reports.
select
  life.account_id,
  life.vm_id as resource_id,
  state.valid_from,
  state.valid_to,
  'i3d-flexvm' as provider,
  'FlexVM' as service_name,
  'Virtual Machine' as resource_type,
  state.name,
  state.status,
  state.sku,
  state.region_id,
  state.region_id as region_name,
  state.tags,
  state.gpu_model,
  coalesce(state.gpu_count, 0) as gpu_count,
  state.vcpu_count,
  state.memory_gib,
  life.started_at,
  life.ended_at,
  state.version_id as source_version
from intermediate.int_flexvm__life as life
cross join lateral (
  with version as (
    select
      vm.version_id, vm.name, vm.status, vm.sku, vm.region_id, vm.tags, vm.ended_at,
      vm.ended_because, vm.seen_from,
      coalesce(vm.gpu_model, hardware.gpu_model) as gpu_model,
      coalesce(vm.gpu_count, hardware.gpu_count) as gpu_count,
      coalesce(vm.vcpu_count, hardware.vcpu_count) as vcpu_count,
      coalesce(vm.memory_gib, hardware.memory_gib) as memory_gib,
      row_number() over (order by vm.seen_from, vm.version_id) = 1 as is_first
    from staging.stg_flexvm__vm as vm
    left join intermediate.int_flexvm__hardware as hardware
      on hardware.account_id = vm.account_id and hardware.sku = vm.sku
    where vm.account_id = life.account_id and vm.record_key = life.vm_id
      and vm.is_listed = life.is_listed
  ),
  event as (
    select
      version_id, 1 as place, name, sku, region_id, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
      case when is_first and status = 'ended' then 'running' else status end as status,
      case when is_first then least(life.started_at, seen_from) else seen_from end as happened_at
    from version
    union all
    select version_id, 2, name, sku, region_id, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
      'ended', least(life.ended_at, seen_from)
    from version
    where is_first and status = 'ended'
    union all
    select version_id, 3, name, sku, region_id, tags, gpu_model, gpu_count, vcpu_count, memory_gib,
      'ended', ended_at
    from version
    where ended_because = 'gone' and status <> 'ended'
  ),
  compared as (
    select
      event.*,
      (status, name, sku, region_id, tags, gpu_model, gpu_count, vcpu_count, memory_gib) is distinct from
        lag((status, name, sku, region_id, tags, gpu_model, gpu_count, vcpu_count, memory_gib))
          over in_order as is_changed
    from event
    window in_order as (order by happened_at, version_id, place)
  ),
  changed as (
    select
      compared.*,
      happened_at as valid_from,
      lead(happened_at) over (order by happened_at, version_id, place) as valid_to
    from compared
    where is_changed
  )
  select * from changed where valid_to is null or valid_to > valid_from
) as state

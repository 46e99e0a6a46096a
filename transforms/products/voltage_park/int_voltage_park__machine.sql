-- One row per inventory version of a virtual machine, a bare-metal rental or a storage volume, in
-- one shape. Plain branches, so that a look-up by resource goes through landing's index.
select
  vm.account_id, vm.record_key as resource_id, vm.version_id, vm.host_node_id,
  'Voltage Park VM' as service_name, 'Virtual Machine' as resource_type, vm.name, vm.status,
  vm.sku, vm.pricing_category, vm.tags, vm.gpu_model,
  true as has_specification, vm.gpu_count, vm.vcpu_count, vm.memory_gib,
  vm.compute_usd_per_hour, vm.disk_usd_per_hour, null::numeric as storage_usd_per_hour,
  vm.effective_usd_per_hour,
  vm.created_at, vm.seen_from, vm.seen_to, vm.ended_at, vm.ended_because
from staging.stg_voltage_park__virtual_machine as vm
union all
select
  rental.account_id, rental.record_key, rental.version_id, null,
  'Voltage Park Bare Metal', 'Bare Metal Server', rental.name, rental.status,
  rental.sku, 'Standard', rental.tags, rental.gpu_model,
  rental.node_count is not null, rental.gpu_count, rental.vcpu_count, rental.memory_gib,
  rental.compute_usd_per_hour, null, null,
  rental.compute_usd_per_hour,
  rental.created_at, rental.seen_from, rental.seen_to, rental.ended_at, rental.ended_because
from staging.stg_voltage_park__bare_metal_rental as rental
union all
select
  volume.account_id, volume.record_key, volume.version_id, null,
  'Voltage Park Storage', 'Storage Volume', volume.name, volume.status,
  'shared-storage', 'Standard', '{}'::text[], null,
  true, 0, null, null,
  null, null, volume.storage_usd_per_hour,
  volume.storage_usd_per_hour,
  null, volume.seen_from, volume.seen_to, volume.ended_at, volume.ended_because
from staging.stg_voltage_park__storage_volume as volume

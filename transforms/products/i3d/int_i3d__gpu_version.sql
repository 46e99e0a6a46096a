-- One row per version of a server or virtual machine: how many GPUs it had then. Sizes are as they
-- were first told (later availability changes a plan's record, not what a machine is made of).
select
  server.account_id, server.server_id as resource_id, server.version_id, server.is_listed,
  server.seen_from,
  coalesce(hardware.gpu_count, 0) as gpu_count
from staging.stg_flexmetal__server as server
left join intermediate.int_flexmetal__hardware as hardware
  on hardware.account_id = server.account_id and hardware.sku = server.sku
union all
select
  vm.account_id, vm.vm_id, vm.version_id, vm.is_listed, vm.seen_from,
  coalesce(vm.gpu_count, hardware.gpu_count, 0)
from staging.stg_flexvm__vm as vm
left join intermediate.int_flexvm__hardware as hardware
  on hardware.account_id = vm.account_id and hardware.sku = vm.sku

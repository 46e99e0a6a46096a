-- One row per inventory version of a resource, with the specification known nearest to it: that of
-- the version itself, else of the last one before that has any (a rebooted rental), else of the
-- first one after (a pending one). `return_at`: when a vanished resource was listed again.
with numbered as (
  select
    machine.*,
    greatest(
      1, count(*) filter (where machine.has_specification) over history
    ) as specification_no,
    row_number() over history = 1 as is_first,
    lead(machine.seen_from) over history as return_at,
    min(machine.seen_from) over resource as first_seen_at,
    min(machine.created_at) over resource as first_created_at
  from intermediate.int_voltage_park__machine as machine
  window
    resource as (partition by machine.account_id, machine.resource_id),
    history as (
      partition by machine.account_id, machine.resource_id order by machine.seen_from
      rows unbounded preceding
    )
)
select
  account_id, resource_id, version_id, host_node_id,
  service_name, resource_type, name, status, tags,
  first_value(sku) over specified as sku,
  first_value(gpu_model) over specified as gpu_model,
  first_value(gpu_count) over specified as gpu_count,
  first_value(vcpu_count) over specified as vcpu_count,
  first_value(memory_gib) over specified as memory_gib,
  is_first, first_seen_at, first_created_at, return_at,
  seen_from, seen_to, ended_at, ended_because
from numbered
window specified as (
  partition by account_id, resource_id, specification_no order by has_specification desc
)

-- One row per inventory version that has a specification: what it says of a resource's bills, and
-- the stretch of time that it describes. The first one describes the time before it was seen too,
-- back to the creation (a day more, because a billing instance may begin a little before its
-- machine).
select
  machine.account_id,
  machine.resource_id,
  machine.version_id,
  machine.host_node_id,
  machine.sku,
  machine.gpu_count,
  machine.pricing_category,
  machine.compute_usd_per_hour,
  machine.disk_usd_per_hour,
  machine.storage_usd_per_hour,
  case row_number() over history
    when 1 then least(
      machine.seen_from, coalesce(machine.created_at - interval '1 day', '-infinity')
    )
    else machine.seen_from
  end as valid_from,
  lead(machine.seen_from, 1, 'infinity') over history as valid_to
from intermediate.int_voltage_park__machine as machine
where machine.has_specification
window history as (partition by machine.account_id, machine.resource_id order by machine.seen_from)

-- One row per inventory version of a resource and meter: what the provider says it costs per hour.
-- `usd_per_hour` is the price of the meter while it runs, `owed_usd_per_hour` what is owed in the
-- state the version shows: no compute is owed of a disassociated machine, nothing of a failed or
-- terminated one. Power and rebooting change nothing; a pending rental owes what it states, since
-- no document says otherwise. `known_until`: the last look that showed the version.
select
  machine.account_id,
  machine.resource_id,
  machine.version_id,
  rate.meter,
  machine.host_node_id,
  machine.sku,
  machine.pricing_category,
  machine.gpu_count,

  rate.usd_per_hour,
  case when machine.status in ('failed', 'ended') then 0 else rate.owed_usd_per_hour end
    as owed_usd_per_hour,

  machine.created_at,
  machine.seen_from,
  coalesce(machine.seen_to, look.complete_at) as known_until,
  machine.ended_at,
  machine.ended_because
from intermediate.int_voltage_park__machine as machine
cross join lateral (
  values
    (
      'vm-hours',
      case machine.service_name when 'Voltage Park VM' then machine.compute_usd_per_hour end,
      machine.effective_usd_per_hour - machine.disk_usd_per_hour
    ),
    ('vm-storage-hours', machine.disk_usd_per_hour, machine.disk_usd_per_hour),
    (
      'bare-metal-hours',
      case machine.service_name when 'Voltage Park Bare Metal' then machine.compute_usd_per_hour
        end,
      machine.compute_usd_per_hour
    ),
    ('storage-hours', machine.storage_usd_per_hour, machine.storage_usd_per_hour)
) as rate (meter, usd_per_hour, owed_usd_per_hour)
left join staging.stg_voltage_park__look as look
  on look.account_id = machine.account_id and look.slice = ''
  and look.stream = case machine.service_name
    when 'Voltage Park VM' then 'voltage_park.virtual_machines'
    when 'Voltage Park Bare Metal' then 'voltage_park.bare_metal'
    else 'voltage_park.storage'
  end
where rate.usd_per_hour is not null

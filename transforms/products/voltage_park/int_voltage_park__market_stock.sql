-- One row per version of what is left to rent: GPUs in bare-metal nodes by location and network,
-- and GPUs on the hosts of virtual machines by location and model. Only hosts with room are listed:
-- a model that a location showed before and does not now has none left.
with ever_shown as (
  select distinct account_id, record_key, gpu_model
  from staging.stg_voltage_park__location_stock
)
select
  node.account_id,
  'voltage-park' as provider,
  'bare metal' as market,
  '1x' || node.gpus_per_node || ' ' || node.gpu_model || ' ' || network.name as offer,
  node.location_id as region_id,
  location.location_name as region_name,

  network.gpus_available::numeric as stock,
  'GPUs' as stock_unit,
  null::text as stock_level,

  node.seen_from as valid_from,
  node.ended_at as valid_to
from staging.stg_voltage_park__bare_metal_location as node
cross join lateral (
  values
    ('ethernet', node.ethernet_gpus_available),
    ('infiniband', node.infiniband_gpus_available)
) as network (name, gpus_available)
left join staging.stg_voltage_park__location as location
  on location.account_id = node.account_id and location.record_key = node.location_id
  and location.ended_at is null
where network.gpus_available is not null
union all
select
  location.account_id,
  'voltage-park',
  'virtual machines',
  ever_shown.gpu_model,
  location.location_id,
  location.location_name,

  coalesce(host.gpus_available, 0),
  'GPUs',
  null,

  location.seen_from,
  location.ended_at
from staging.stg_voltage_park__location as location
join ever_shown using (account_id, record_key)
left join staging.stg_voltage_park__location_stock as host
  on host.version_id = location.version_id and host.gpu_model = ever_shown.gpu_model

-- One row per version of an offer: a node at a location and network, and a virtual machine's shape
-- with its disk, which can be had wherever there is room for it.
select
  node.account_id,
  'voltage-park' as provider,
  'bare metal' as market,
  '1x' || node.gpus_per_node || ' ' || node.gpu_model || ' ' || network.name as offer,
  '1x' || node.gpus_per_node || ' ' || node.gpu_model || ' ' || network.name as sku,
  node.location_id as region_id,
  location.location_name as region_name,
  node.gpu_model,

  node.gpus_per_node as gpu_count,
  null::numeric as vcpu_count,
  null::numeric as memory_gib,
  network.usd_per_gpu_hour * node.gpus_per_node as price_per_hour,
  null::numeric as list_price_per_hour,
  'USD' as billing_currency,

  node.seen_from as valid_from,
  node.ended_at as valid_to
from staging.stg_voltage_park__bare_metal_location as node
cross join lateral (
  values
    ('ethernet', node.ethernet_usd_per_gpu_hour),
    ('infiniband', node.infiniband_usd_per_gpu_hour)
) as network (name, usd_per_gpu_hour)
left join staging.stg_voltage_park__location as location
  on location.account_id = node.account_id and location.record_key = node.location_id
  and location.ended_at is null
where network.usd_per_gpu_hour is not null
union all
select
  preset.account_id,
  'voltage-park',
  'virtual machines',
  preset.sku,
  preset.sku,
  null,
  null,
  preset.gpu_model,

  preset.gpu_count,
  preset.vcpu_count,
  preset.memory_gib,
  preset.compute_usd_per_hour + preset.disk_usd_per_hour,
  null,
  'USD',

  preset.seen_from,
  preset.ended_at
from staging.stg_voltage_park__instant_deploy_preset as preset

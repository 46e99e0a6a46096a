-- One row per version of a location's bare-metal offer: stock in GPUs, prices per GPU and hour.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.payload ->> 'id' as location_id,

  version.payload #>> '{specs_per_node,gpu_model}' as gpu_model,

  (version.payload #>> '{specs_per_node,gpu_count}')::numeric::integer as gpus_per_node,
  (version.payload ->> 'gpu_count_ethernet')::numeric::integer as ethernet_gpus_available,
  (version.payload ->> 'gpu_price_ethernet')::numeric as ethernet_usd_per_gpu_hour,
  (version.payload ->> 'gpu_count_infiniband')::numeric::integer as infiniband_gpus_available,
  (version.payload ->> 'gpu_price_infiniband')::numeric as infiniband_usd_per_gpu_hour,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'voltage_park.bare_metal_location'

-- One row per version of a virtual machine shape that can be rented: rates per instance and hour.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  gpu.model as gpu_model,
  coalesce(
    gpu.sku,
    (version.payload #>> '{resources,vcpu_count}') || 'vcpu-'
      || (version.payload #>> '{resources,ram_gb}') || 'gb'
  ) as sku,
  array(
    select jsonb_array_elements_text(
      nullif(version.payload -> 'location_ids_with_availability', 'null')
    )
  ) as available_location_ids,

  coalesce(gpu.count, 0) as gpu_count,
  (version.payload #>> '{resources,vcpu_count}')::numeric as vcpu_count,
  (version.payload #>> '{resources,ram_gb}')::numeric as memory_gib,
  (version.payload ->> 'compute_rate_hourly')::numeric as compute_usd_per_hour,
  (version.payload ->> 'storage_rate_hourly')::numeric as disk_usd_per_hour,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
left join lateral (
  select
    string_agg(held.model, '+' order by held.model) as model,
    string_agg(held.count || 'x ' || held.model, ' + ' order by held.model) as sku,
    sum(held.count)::integer as count
  from (
    select entry.key as model, (entry.value ->> 'count')::numeric::integer as count
    from jsonb_each(nullif(version.payload #> '{resources,gpus}', 'null')) as entry
  ) as held
  where held.count > 0
) as gpu on true
where version.entity = 'voltage_park.instant_deploy_preset'

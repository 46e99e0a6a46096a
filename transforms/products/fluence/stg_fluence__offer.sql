-- One row per version of a marketplace offer: what a basic configuration costs per 24-hour epoch in
-- one datacenter, and how many of it could be rented. The SKU is spelled as that of the machines.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  version.payload #>> '{configuration,slug}' as configuration_slug,
  regexp_replace(
    version.payload #>> '{configuration,slug}',
    '^cpu-(\d+)-ram-(\d+)gb-storage-(\d+)gb$',
    '\1vcpu-\2gib-\3gib'
  ) as sku,
  lower(version.payload #>> '{datacenter,countryCode}') || '-'
    || lower(version.payload #>> '{datacenter,cityCode}') || '-'
    || (version.payload #>> '{datacenter,cityIndex}') as region_id,

  (version.payload #>> '{configuration,price}')::numeric as price_per_epoch,
  (
    select sum((server ->> 'availableBasicInstances')::numeric)
    from jsonb_array_elements(
      case jsonb_typeof(version.payload -> 'servers')
        when 'array' then version.payload -> 'servers'
      end
    ) as server
  ) as available_instances,
  'USDC' as currency,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'fluence.offer'

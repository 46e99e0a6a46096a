-- One row per version of an order. `hardware_sku` is known when all its items are of one SKU.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as order_id,

  version.payload ->> 'label' as label,
  item.hardware_sku,
  deployed.cloud_ids,

  (version.payload ->> 'created_at')::timestamptz as created_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
left join lateral (
  select
    case
      when count(distinct element ->> 'hardware_sku') = 1 then max(element ->> 'hardware_sku')
    end as hardware_sku
  from jsonb_array_elements(
    case jsonb_typeof(version.payload #> '{fields,items}')
      when 'array' then version.payload #> '{fields,items}'
    end
  ) as element
) as item on true
left join lateral (
  select coalesce(array_agg(distinct element ->> 'id'), '{}') as cloud_ids
  from (
    values (version.payload #> '{fields,clouds_deployed}'), (version.payload -> 'clouds_deployed')
  ) as place (list)
  cross join lateral jsonb_array_elements(
    case jsonb_typeof(place.list) when 'array' then place.list end
  ) as element
) as deployed on true
where version.entity = 'openmetal.order'

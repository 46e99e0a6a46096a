-- One row per version of a hardware SKU in a pod's catalogue, priced as the first product it is
-- sold as; prices from mils (1/1000 USD), the long-term rate where there is one.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as sku,
  version.slice as region_id,
  product.first ->> 'add_on_code' as addon_code,

  product.first ->> 'name' as product_name,

  coalesce(
    (product.first ->> 'hourly_cost_ltu_mils')::numeric,
    (product.first ->> 'hourly_cost_mils')::numeric
  ) * 0.001 as usd_per_hour,
  (product.first ->> 'hourly_cost_mils')::numeric * 0.001 as standard_usd_per_hour,
  (version.payload #>> '{processor,raw_threads}')::numeric as vcpu_count,
  (version.payload #>> '{ram,raw}')::numeric as memory_gib,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral (select version.payload #> '{products,0}' as first) as product
where version.entity = 'openmetal.hardware'

-- One row per version of an asset that is billed on a cloud; its rate from cents.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as asset_id,
  version.slice as cloud_id,

  version.payload ->> 'name' as name,
  version.payload ->> 'addon_code' as addon_code,
  case
    when version.payload ->> 'addon_code' ~ '^(ipv4_|ip_block)' then 'ip block'
    when cardinality(node.ids) > 0 then 'server'
    else 'add-on'
  end as kind,
  node.ids as node_ids,

  (version.payload ->> 'cost_in_cents')::numeric * 0.01 as usd_per_hour,

  (version.payload ->> 'created_at')::timestamptz as created_at,
  (version.payload ->> 'removed_at')::timestamptz as removed_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral (
  select coalesce(array_agg(lower(element ->> 'node_uuid') order by position), '{}') as ids
  from jsonb_array_elements(
    case jsonb_typeof(version.payload -> 'nodes') when 'array' then version.payload -> 'nodes' end
  ) with ordinality as listed (element, position)
) as node
where version.entity = 'openmetal.asset_log'

-- One row per version of a pod's add-on list and add-on in it; prices from mils (1/1000 USD).
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.slice as region_id,
  addon.payload ->> 'add_on_code' as addon_code,

  addon.payload ->> 'name' as name,
  addon_group.name as addon_group,

  coalesce(
    (addon.payload ->> 'hourly_cost_ltu_mils')::numeric,
    (addon.payload ->> 'hourly_cost_mils')::numeric
  ) * 0.001 as usd_per_hour,
  (addon.payload ->> 'hourly_cost_mils')::numeric * 0.001 as standard_usd_per_hour,

  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join (values ('memory'), ('storage'), ('ip_block')) as addon_group (name)
cross join lateral jsonb_array_elements(
  case jsonb_typeof(version.payload -> addon_group.name)
    when 'array' then version.payload -> addon_group.name
  end
) as addon (payload)
where version.entity = 'openmetal.addons'

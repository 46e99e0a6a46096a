-- Waste: an OpenMetal asset is paid at least 5 % above the catalogue's long-term rate at its pod.
-- Kind: paid too much
-- Action: have it moved to the long-term rate of the catalogue, at the latest at the next term.
-- Counted: the last 7 whole UTC days at the difference, for 730 hours, before the cloud's discount.
with catalogue as (
  select account_id, region_id, addon_code, min(usd_per_hour) as usd_per_hour
  from (
    select account_id, region_id, addon_code, usd_per_hour
    from staging.stg_openmetal__hardware
    where ended_at is null
    union all
    select account_id, region_id, addon_code, usd_per_hour
    from staging.stg_openmetal__addon_price
    where ended_at is null
  ) as listed
  where usd_per_hour > 0
  group by account_id, region_id, addon_code
)
select
  resource.account_id,
  resource.provider,
  resource.resource_id,
  resource.name as resource_name,
  life.since,
  round(
    mart.cost_per_month(resource.account_id, resource.resource_id, life.since, :'now')
      * (1 - catalogue.usd_per_hour / asset.usd_per_hour),
    9
  ) as cost_per_month,
  format(
    '%s USD an hour for %s in %s; the catalogue has it for %s',
    trim_scale(asset.usd_per_hour), asset.addon_code, resource.region_id,
    trim_scale(catalogue.usd_per_hour)
  ) as evidence
from mart.dim_resource as resource
cross join lateral (
  select coalesce(resource.started_at, resource.valid_from) as since
) as life
join staging.stg_openmetal__asset_log as asset
  on asset.account_id = resource.account_id and asset.record_key = resource.resource_id
  and asset.ended_at is null
join catalogue
  on catalogue.account_id = resource.account_id and catalogue.region_id = resource.region_id
  and catalogue.addon_code = asset.addon_code
where resource.valid_to is null and resource.provider = 'openmetal' and resource.status <> 'ended'
  and asset.usd_per_hour >= 1.05 * catalogue.usd_per_hour

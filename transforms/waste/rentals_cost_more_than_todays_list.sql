-- Waste: a Voltage Park machine is paid at least 5 % above what the same one costs in the list now.
-- Kind: paid too much
-- Action: rent it anew at the price of the day and move over, or ask for that price.
-- Counted: the compute part of the last 7 whole UTC days at the difference, for 730 hours.
with offer as (
  select account_id, sku, min(compute_usd_per_hour) as usd_per_hour
  from staging.stg_voltage_park__instant_deploy_preset
  where ended_at is null and compute_usd_per_hour > 0
    and cardinality(available_location_ids) > 0
  group by account_id, sku
  union all
  -- By the GPU and hour, with the sku of a whole rental left out: network and model decide.
  select account_id, gpu_model || ' ' || network, min(usd_per_hour)
  from staging.stg_voltage_park__bare_metal_location
  cross join lateral (
    values
      ('ethernet', ethernet_usd_per_gpu_hour, ethernet_gpus_available),
      ('infiniband', infiniband_usd_per_gpu_hour, infiniband_gpus_available)
  ) as listed (network, usd_per_hour, available)
  where ended_at is null and usd_per_hour > 0 and available > 0
  group by account_id, gpu_model, network
),
rented as (
  select
    account_id, record_key as resource_id, name, coalesce(created_at, seen_from) as since,
    sku as listed_as,
    compute_usd_per_hour as usd_per_hour
  from staging.stg_voltage_park__virtual_machine
  where ended_at is null and effective_usd_per_hour > disk_usd_per_hour
  union all
  select
    account_id, record_key, name, coalesce(created_at, seen_from), gpu_model || ' ' || network,
    compute_usd_per_hour / nullif(gpu_count, 0)
  from staging.stg_voltage_park__bare_metal_rental
  cross join lateral (
    select substring(lower(sku) from '(ethernet|infiniband)$') as network
  ) as told
  where ended_at is null
)
select
  rented.account_id,
  'voltage-park' as provider,
  rented.resource_id,
  rented.name as resource_name,
  rented.since,
  round(
    mart.cost_per_month(
      rented.account_id, rented.resource_id, rented.since, :'now',
      array['vm-hours', 'bare-metal-hours']
    ) * (1 - offer.usd_per_hour / rented.usd_per_hour),
    9
  ) as cost_per_month,
  format(
    '%s USD an hour for %s, which the list has for %s',
    trim_scale(round(rented.usd_per_hour, 6)), rented.listed_as,
    trim_scale(round(offer.usd_per_hour, 6))
  ) as evidence
from rented
join offer on offer.account_id = rented.account_id and offer.sku = rented.listed_as
where rented.usd_per_hour >= 1.05 * offer.usd_per_hour

-- One row per pool of which a batch of quota answers says something else than the last answer that
-- listed it: from the last sync of that one; all of a pool that was never listed before. Samples in
-- which only the use differs touch nothing, unless the servers in use are now more (or no longer more)
-- than the capacity.
with answer as (
  select
    told.account_id, told.record_key, told.version_id,
    taken_change.kind, taken_change.previous_seen_to, told.seen_from,
    former.version_id as former_id
  from taken_change
  join landing.version as told on told.version_id = taken_change.version_id
  left join lateral (
    select max(earlier.version_id) as version_id
    from landing.version as earlier
    where earlier.account_id = told.account_id and earlier.entity = told.entity
      and earlier.record_key = told.record_key and earlier.version_id < told.version_id
  ) as former on true
  where taken_change.entity = 'flexmetal.quota'
),
pool as (
  select distinct answer.*, quota.contract_id, quota.region_id, quota.sku
  from answer
  join staging.stg_flexmetal__quota as quota
    on quota.version_id in (answer.version_id, answer.former_id)
  where quota.is_commitment and quota.contract_id <> ''
),
stated as (
  select
    pool.*,
    listed.capacity,
    listed.is_overused,
    before.version_id as before_id,
    before.capacity as capacity_before,
    before.is_overused as was_overused,
    before.seen_to as before_seen_to
  from pool
  left join lateral (
    select
      sum(quota.quota_servers) as capacity,
      sum(quota.used_servers) > sum(quota.quota_servers) as is_overused
    from staging.stg_flexmetal__quota as quota
    where quota.version_id = pool.version_id and pool.kind <> 'gone' and quota.is_commitment
      and (quota.contract_id, quota.region_id, quota.sku)
        = (pool.contract_id, pool.region_id, pool.sku)
  ) as listed on true
  left join lateral (
    select
      quota.version_id, quota.seen_to,
      sum(quota.quota_servers) as capacity,
      sum(quota.used_servers) > sum(quota.quota_servers) as is_overused
    from staging.stg_flexmetal__quota as quota
    where quota.account_id = pool.account_id and quota.record_key = pool.record_key
      and quota.version_id < pool.version_id and quota.is_commitment
      and (quota.contract_id, quota.region_id, quota.sku)
        = (pool.contract_id, pool.region_id, pool.sku)
    group by quota.version_id, quota.seen_to
    order by quota.version_id desc
    limit 1
  ) as before on true
)
select
  account_id,
  contract_id || '/' || region_id || '/' || sku as resource_id,
  min(
    case when before_id is null then '-infinity'
      else least(previous_seen_to, seen_from, before_seen_to) end
  ) as from_at
from stated
where kind <> 'changed' or before_id is distinct from former_id
  or (capacity, is_overused) is distinct from (capacity_before, was_overused)
group by account_id, contract_id, region_id, sku

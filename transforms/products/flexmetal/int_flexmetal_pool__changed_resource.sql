-- One row per pool whose committed capacity a batch of quota samples tells anew: from the last look
-- that still told the former one. Samples in which only the use differs touch nothing.
with sample as (
  select
    told.account_id, told.record_key, told.version_id,
    taken_change.kind, taken_change.previous_seen_to, told.seen_from
  from taken_change
  join landing.version as told on told.version_id = taken_change.version_id
  where taken_change.entity = 'flexmetal.quota'
),
former as (
  select sample.version_id, max(earlier.version_id) as former_id,
    max(earlier.seen_to) as former_seen_to
  from sample
  join landing.version as earlier
    on earlier.account_id = sample.account_id and earlier.entity = 'flexmetal.quota'
    and earlier.record_key = sample.record_key and earlier.version_id < sample.version_id
  group by sample.version_id
),
capacity as (
  select sample.version_id, quota.contract_id, quota.region_id, quota.sku,
    sum(quota.quota_servers) filter (where quota.version_id = former.former_id) as before,
    sum(quota.quota_servers) filter (
      where quota.version_id = sample.version_id and sample.kind <> 'gone'
    ) as after
  from sample
  left join former using (version_id)
  join staging.stg_flexmetal__quota as quota
    on quota.version_id in (sample.version_id, former.former_id)
  where quota.is_commitment and quota.contract_id <> ''
  group by sample.version_id, quota.contract_id, quota.region_id, quota.sku
)
select
  sample.account_id,
  capacity.contract_id || '/' || capacity.region_id || '/' || capacity.sku as resource_id,
  min(least(sample.previous_seen_to, sample.seen_from, former.former_seen_to)) as from_at
from capacity
join sample using (version_id)
left join former using (version_id)
where sample.kind <> 'changed' or capacity.before is distinct from capacity.after
group by sample.account_id, capacity.contract_id, capacity.region_id, capacity.sku

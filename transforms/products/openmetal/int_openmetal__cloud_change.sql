-- One row per version of a cloud's record: whether what its charges rest on, its pod and the order
-- that made it, differs from the version before.
select
  cloud.account_id,
  cloud.cloud_id,
  cloud.version_id,

  former.version_id is null
    or (cloud.region_id, cloud.order_id) is distinct from (former.region_id, former.order_id)
    as is_another
from staging.stg_openmetal__cloud as cloud
left join lateral (
  select earlier.version_id, earlier.region_id, earlier.order_id
  from staging.stg_openmetal__cloud as earlier
  where earlier.account_id = cloud.account_id and earlier.record_key = cloud.record_key
    and (earlier.seen_from, earlier.version_id) < (cloud.seen_from, cloud.version_id)
  order by earlier.seen_from desc, earlier.version_id desc
  limit 1
) as former on true

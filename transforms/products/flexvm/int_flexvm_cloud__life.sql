-- One row per FlexVM cloud: what it is and from when until when it was there, by all that is known
-- now. A cloud that left the list ended between the last look that saw it (end_not_before) and the
-- first that did not; the later is taken.
select distinct on (account_id, cloud_id)
  account_id,
  cloud_id,
  version_id,
  name,
  node_sku as sku,
  region_id,
  coalesce(created_at, min(seen_from) over (partition by account_id, cloud_id)) as started_at,
  ended_at,
  seen_to as end_not_before
from staging.stg_flexvm__cloud
order by account_id, cloud_id, seen_from desc, version_id desc

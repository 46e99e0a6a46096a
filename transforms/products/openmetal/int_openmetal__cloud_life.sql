-- One row per cloud: what it is, and when it was deleted. No answer says when that was: it was
-- after `alive_until`, the last look that saw the cloud without a pending deletion (null: no look
-- did), and by `deleted_at`, the look that saw it pending or missed it. Both are null while it
-- lives.
with latest as (
  select distinct on (account_id, cloud_id) *
  from staging.stg_openmetal__cloud
  order by account_id, cloud_id, seen_from desc, version_id desc
),
first_look as (
  select account_id, cloud_id, min(seen_from) as at
  from staging.stg_openmetal__cloud
  group by account_id, cloud_id
),
last_alive as (
  select distinct on (account_id, cloud_id) account_id, cloud_id, version_id, seen_to, ended_at
  from staging.stg_openmetal__cloud
  where not is_pending_delete
  order by account_id, cloud_id, seen_from desc, version_id desc
)
select
  latest.account_id,
  latest.cloud_id,
  latest.order_id,

  latest.label,
  latest.cloud_type,
  latest.region_id,

  last_alive.seen_to as alive_until,
  case when last_alive.version_id is null then first_look.at else last_alive.ended_at end
    as deleted_at
from latest
join first_look using (account_id, cloud_id)
left join last_alive using (account_id, cloud_id)

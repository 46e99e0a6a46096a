-- One row per cloud: what it is, and when it was deleted. No answer says when that was: it was
-- after `alive_until`, the last look that saw the cloud without a pending deletion (null: no look
-- did), and by `deleted_at`, the look that saw it pending or missed it. Both are null while it
-- lives. A cloud that stays in the list once its deletion is over is pending no more: its state
-- says that it is deleted.
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
last_running as (
  select account_id, cloud_id, max(seen_from) as at
  from staging.stg_openmetal__cloud_stats
  where cloud_state is distinct from 'DELETED' and cloud_state is distinct from 'PENDING-DELETE'
  group by account_id, cloud_id
),
-- The first look at the state since which every look has found the cloud deleted.
stated_deletion as (
  select stats.account_id, stats.cloud_id, min(stats.seen_from) as at
  from staging.stg_openmetal__cloud_stats as stats
  left join last_running using (account_id, cloud_id)
  where stats.cloud_state in ('DELETED', 'PENDING-DELETE')
    and (last_running.at is null or stats.seen_from > last_running.at)
  group by stats.account_id, stats.cloud_id
),
last_alive as (
  select distinct on (cloud.account_id, cloud.cloud_id)
    cloud.account_id, cloud.cloud_id, cloud.version_id,
    least(cloud.seen_to, former_state.seen_to) as alive_until,
    least(cloud.ended_at, stated_deletion.at) as deleted_at
  from staging.stg_openmetal__cloud as cloud
  left join stated_deletion using (account_id, cloud_id)
  left join lateral (
    select max(stats.seen_to) as seen_to
    from staging.stg_openmetal__cloud_stats as stats
    where stats.account_id = cloud.account_id and stats.slice = cloud.cloud_id
      and stats.seen_from < stated_deletion.at
  ) as former_state on true
  where not cloud.is_pending_delete
    and (stated_deletion.at is null or cloud.seen_from < stated_deletion.at)
  order by cloud.account_id, cloud.cloud_id, cloud.seen_from desc, cloud.version_id desc
)
select
  latest.account_id,
  latest.cloud_id,
  latest.order_id,

  latest.label,
  latest.cloud_type,
  latest.region_id,

  last_alive.alive_until,
  case when last_alive.version_id is null then first_look.at else last_alive.deleted_at end
    as deleted_at
from latest
join first_look using (account_id, cloud_id)
left join last_alive using (account_id, cloud_id)

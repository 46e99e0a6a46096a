-- One row per stay of a node on a cloud, as it was stated last. A node that is listed with a later
-- assignment than the last look that had it left and came back (or, as a record that is set aside
-- keeps its former version listed, than its first look, and by more than a day); an assignment that
-- was restated, to an instant at which the node was already there, begins no other stay. No answer says when a node
-- left: it was there until `sure_until` and gone by `gone_at`; both are null while it is listed.
with version as (
  select
    node.*,
    max(greatest(assigned_at, seen_to)) over (
      partition by account_id, record_key, slice
      order by seen_from, version_id
      rows between unbounded preceding and 1 preceding
    ) as known_until,
    max(greatest(assigned_at + interval '24 hours', seen_from)) over (
      partition by account_id, record_key, slice
      order by seen_from, version_id
      rows between unbounded preceding and 1 preceding
    ) as same_until
  from staging.stg_openmetal__node as node
),
numbered as (
  select
    version.*,
    count(*) filter (where known_until is null or assigned_at > least(known_until, same_until)) over (
      partition by account_id, record_key, slice order by seen_from, version_id
    ) as stay
  from version
),
described as (
  select
    numbered.*,
    min(version_id) over (partition by account_id, record_key, slice, stay) as first_version_id,
    first_value(assigned_at) over (
      partition by account_id, record_key, slice, stay order by seen_from, version_id
    ) as first_assigned_at,
    row_number() over (
      partition by account_id, record_key, slice, stay order by seen_from desc, version_id desc
    ) as place
  from numbered
),
latest as (
  select
    described.*,
    lead(assigned_at) over (partition by account_id, record_key, slice order by stay)
      as next_assigned_at
  from described
  where place = 1
)
select
  latest.account_id,
  latest.record_key as resource_id, -- the key of every window, so that a look-up goes through them
  latest.cloud_id,
  -- The instant as it was stated first, to the microsecond: it names the stay for good.
  (extract(epoch from latest.first_assigned_at) * 1000000)::bigint::text as stay_key,
  latest.first_version_id,

  latest.hostname,
  latest.node_type,

  latest.assigned_at,
  least(
    case when latest.seen_to > latest.next_assigned_at then latest.seen_from else latest.seen_to end,
    case when cloud.deleted_at is not null then coalesce(cloud.alive_until, latest.assigned_at) end
  ) as sure_until,
  least(latest.ended_at, latest.next_assigned_at, cloud.deleted_at) as gone_at
from latest
join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)

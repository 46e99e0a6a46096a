-- One row per asset, cloud and life of the asset on it, as the cloud's log stated it last. An asset
-- begins another life on a cloud when it is created anew after it was last seen there (or, as a
-- record that is set aside keeps its former version listed, after it was first seen so and more than
-- a day after its former creation), and one that moves has a life on each cloud: on the later one
-- from when the earlier was last seen to hold it. An asset that left the log without a word counts
-- as removed when it was last seen, and one that came back as removed by then; `sure_until` is until
-- when it is known to have stayed (null: both are, while it stays). What is stated from
-- `followed_at` on is said of the next life.
with version as (
  select
    log.*,
    max(greatest(created_at, seen_to)) over (
      partition by account_id, record_key, slice
      order by seen_from, version_id
      rows between unbounded preceding and 1 preceding
    ) as known_until,
    max(greatest(created_at + interval '24 hours', seen_from)) over (
      partition by account_id, record_key, slice
      order by seen_from, version_id
      rows between unbounded preceding and 1 preceding
    ) as same_until
  from staging.stg_openmetal__asset_log as log
),
numbered as (
  select
    version.*,
    count(*) filter (where known_until is null or created_at > least(known_until, same_until)) over (
      partition by account_id, record_key, slice order by seen_from, version_id
    ) as life
  from version
),
described as (
  select
    numbered.*,
    bool_or(kind = 'server') over (partition by account_id, record_key) as was_server,
    min(version_id) over lives as first_version_id,
    min(seen_from) over lives as first_seen_from,
    first_value(created_at) over (
      partition by account_id, record_key, slice, life order by seen_from, version_id
    ) as first_created_at,
    row_number() over (
      partition by account_id, record_key, slice, life order by seen_from desc, version_id desc
    ) as place
  from numbered
  window lives as (partition by account_id, record_key, slice, life)
),
latest as (
  select
    described.*,
    lead(created_at) over following as next_created_at,
    lead(first_seen_from) over following as followed_at
  from described
  where place = 1
  window following as (partition by account_id, record_key, slice order by life)
)
select
  latest.account_id,
  latest.record_key as resource_id, -- the key of every window, so that a look-up goes through them
  latest.cloud_id,
  -- The instant as it was stated first, to the microsecond: it names the life for good.
  (extract(epoch from latest.first_created_at) * 1000000)::bigint::text as life_key,
  latest.version_id,
  latest.first_version_id,

  latest.name,
  latest.addon_code,
  case when latest.was_server then 'server' else latest.kind end as kind,
  latest.node_ids,

  latest.usd_per_hour,

  greatest(latest.created_at, elsewhere.until_at) as created_at,
  coalesce(
    latest.removed_at,
    case when latest.ended_because = 'gone' then latest.seen_to end,
    latest.next_created_at
  ) as removed_at,
  coalesce(
    latest.removed_at,
    case
      when latest.seen_to > latest.next_created_at then latest.seen_from
      when latest.ended_because = 'gone' or latest.next_created_at is not null then latest.seen_to
    end
  ) as sure_until,
  latest.removed_at is not null as is_removal_stated,
  latest.followed_at,
  latest.seen_from
from latest
cross join lateral (
  select max(least(other.removed_at, other.seen_to)) as until_at
  from staging.stg_openmetal__asset_log as other
  where other.account_id = latest.account_id
    and other.record_key = latest.record_key
    and other.slice <> latest.slice
    and other.seen_from < latest.first_seen_from
) as elsewhere

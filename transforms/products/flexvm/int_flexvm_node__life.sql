-- One row per host of a FlexVM cloud: what it is and from when until when it is billed where its
-- cloud is billed by node hours. Nodes tell no instants: a node begins at the first look that saw
-- it running and ends at the look that missed it (or its cloud). It can have begun as early as the
-- look before (start_not_before; without one, as its cloud) and ended as early as the last look
-- that saw it (end_not_before). One that never ran costs nothing; one that failed later still does.
select first_told.account_id, first_told.node_id, known.*
from staging.stg_flexvm__node as first_told
cross join lateral (
  select
    newest.cloud_id,
    newest.name,
    coalesce(newest.sku, cloud.node_sku) as sku,
    coalesce(newest.region_id, cloud.region_id) as region_id,
    first_run.seen_from as started_at,
    least(first_run.seen_from, coalesce(look.before_at, cloud.created_at)) as start_not_before,
    case when gone.at is not null then greatest(first_run.seen_from, gone.at) end as ended_at,
    case when gone.at is not null
      then greatest(first_run.seen_from, least(alive.seen_to, cloud.seen_to)) end as end_not_before,
    first_run.version_id as start_version_id,
    case when gone.at is not null then alive.version_id end as end_version_id
  from (select first_told.account_id, first_told.node_id) as node
  cross join lateral (
    select *
    from staging.stg_flexvm__node as version
    where version.account_id = node.account_id and version.record_key = node.node_id
    order by version.seen_from desc, version.version_id desc
    limit 1
  ) as newest
  left join lateral (
    select version.version_id, version.seen_from, version.slice
    from staging.stg_flexvm__node as version
    where version.account_id = node.account_id and version.record_key = node.node_id
      and version.status in ('running', 'releasing')
    order by version.seen_from, version.version_id
    limit 1
  ) as first_run on true
  left join lateral (
    select version.version_id, version.seen_to, version.ended_at
    from staging.stg_flexvm__node as version
    where version.account_id = node.account_id and version.record_key = node.node_id
      and version.status <> 'ended' and first_run.version_id is not null
    order by version.seen_from desc, version.version_id desc
    limit 1
  ) as alive on true
  left join lateral (
    select version.*
    from staging.stg_flexvm__cloud as version
    where version.account_id = node.account_id and version.record_key = newest.cloud_id
    order by version.seen_from desc, version.version_id desc
    limit 1
  ) as cloud on true
  cross join lateral (select least(alive.ended_at, cloud.ended_at) as at) as gone
  left join lateral (
    select max(sweep.started_at) as before_at
    from landing.sweep
    where sweep.account_id = node.account_id and sweep.stream = 'flexvm.nodes'
      and sweep.slice = first_run.slice and sweep.outcome = 'complete'
      and sweep.started_at < first_run.seen_from
  ) as look on true
  offset 0 -- kept whole by the planner, so that a few nodes can be looked up by id
) as known
where not exists (
  select from staging.stg_flexvm__node as earlier
  where earlier.account_id = first_told.account_id and earlier.record_key = first_told.record_key
    and earlier.version_id < first_told.version_id
)

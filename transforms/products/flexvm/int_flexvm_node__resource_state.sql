-- One row per host of a FlexVM cloud and interval in which its answer did not change. GPUs are
-- counted with the virtual machines that hold them.
select
  life.account_id,
  life.node_id as resource_id,
  state.valid_from,
  state.valid_to,
  'i3d-flexvm' as provider,
  'FlexVM' as service_name,
  'Cloud Node' as resource_type,
  state.name,
  state.status,
  life.sku,
  life.region_id,
  life.region_id as region_name,
  '{}'::text[] as tags,
  null::text as gpu_model,
  0 as gpu_count,
  null::numeric as vcpu_count,
  null::numeric as memory_gib,
  life.started_at,
  life.ended_at,
  state.version_id as source_version
from intermediate.int_flexvm_node__life as life
cross join lateral (
  with event as (
    select version_id, 1 as place, name, status, seen_from as happened_at
    from staging.stg_flexvm__node as node
    where node.account_id = life.account_id and node.record_key = life.node_id
    union all
    select version_id, 2, name, 'ended', ended_at
    from staging.stg_flexvm__node as node
    where node.account_id = life.account_id and node.record_key = life.node_id
      and node.ended_because = 'gone' and node.status <> 'ended'
  ),
  ordered as (
    select
      event.*,
      happened_at as valid_from,
      lead(happened_at) over (order by happened_at, version_id, place) as valid_to
    from event
  )
  select * from ordered where valid_to is null or valid_to > valid_from
) as state

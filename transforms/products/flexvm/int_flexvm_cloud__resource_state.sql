-- One row per FlexVM cloud and interval in which its answer did not change; the first begins with
-- the cloud.
select
  life.account_id,
  life.cloud_id as resource_id,
  state.valid_from,
  state.valid_to,
  'i3d-flexvm' as provider,
  'FlexVM' as service_name,
  'Private Cloud' as resource_type,
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
from intermediate.int_flexvm_cloud__life as life
cross join lateral (
  with event as (
    select
      version_id, 1 as place, name, 'running' as status,
      case when row_number() over (order by seen_from, version_id) = 1
        then least(life.started_at, seen_from) else seen_from end as happened_at
    from staging.stg_flexvm__cloud as cloud
    where cloud.account_id = life.account_id and cloud.record_key = life.cloud_id
    union all
    select version_id, 2, name, 'ended', ended_at
    from staging.stg_flexvm__cloud as cloud
    where cloud.account_id = life.account_id and cloud.record_key = life.cloud_id
      and cloud.ended_because = 'gone'
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

-- One row per server and interval in which nothing about it changed. The first begins when the
-- server was delivered (made, while it is not delivered yet); one first seen after its release has
-- run until then. Servers that the list never showed are taken from the usage reports.
select
  life.account_id,
  life.server_id as resource_id,
  state.valid_from,
  state.valid_to,
  'i3d-flexmetal' as provider,
  'FlexMetal' as service_name,
  'Bare Metal Server' as resource_type,
  state.name,
  state.status,
  state.sku,
  state.region_id,
  state.region_id as region_name,
  state.tags,
  hardware.gpu_model,
  coalesce(hardware.gpu_count, 0) as gpu_count,
  hardware.core_count as vcpu_count,
  hardware.memory_gib,
  life.started_at,
  life.ended_at,
  state.version_id as source_version
from intermediate.int_flexmetal__life as life
cross join lateral (
  with version as (
    select
      server.*,
      row_number() over (order by server.seen_from, server.version_id) = 1 as is_first
    from staging.stg_flexmetal__server as server
    where server.account_id = life.account_id and server.record_key = life.server_id
      and server.is_listed = life.is_listed
  ),
  event as (
    select
      version_id, 1 as place, name, sku, region_id, tags,
      case when is_first and status = 'ended' and life.started_at is not null then 'running'
        else status end as status,
      case
        when not is_first then seen_from
        when status in ('provisioning', 'failed') then least(created_at, seen_from)
        else least(coalesce(life.started_at, created_at), seen_from)
      end as happened_at
    from version
    union all
    select version_id, 2, name, sku, region_id, tags, 'ended', least(life.ended_at, seen_from)
    from version
    where is_first and status = 'ended' and life.started_at is not null
    union all
    select version_id, 3, name, sku, region_id, tags, 'ended', ended_at
    from version
    where ended_because = 'gone' and status not in ('ended', 'failed')
  ),
  compared as (
    select
      event.*,
      (status, name, sku, region_id, tags) is distinct from
        lag((status, name, sku, region_id, tags)) over in_order as is_changed
    from event
    window in_order as (order by happened_at, version_id, place)
  ),
  changed as (
    select
      compared.*,
      happened_at as valid_from,
      lead(happened_at) over (order by happened_at, version_id, place) as valid_to
    from compared
    where is_changed
  )
  select * from changed where valid_to is null or valid_to > valid_from
) as state
left join intermediate.int_flexmetal__hardware as hardware
  on hardware.account_id = life.account_id and hardware.sku = state.sku

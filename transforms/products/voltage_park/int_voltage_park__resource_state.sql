-- One row per resource and interval in which nothing about it changed. What the inventory lists has
-- an interval per version, and one more while it is not listed. It ended when its billing closed,
-- where that lies between the last sweep that listed it and the first that did not, else with the
-- latter. What only transactions know (a machine that came and went between two looks, a credit)
-- runs from its billing's start to its end.
with known as (
  select
    account_id,
    resource_id,
    listed.version_id is not null as is_listed,
    coalesce(listed.version_id, billed.version_id) as version_id,
    coalesce(listed.service_name, billed.service_name) as service_name,
    coalesce(listed.resource_type, billed.resource_type) as resource_type,
    case when listed.version_id is null then billed.note else listed.name end as name,
    coalesce(listed.status, 'running') as status,
    listed.host_node_id, listed.sku, listed.gpu_model, listed.gpu_count, listed.vcpu_count,
    listed.memory_gib, coalesce(listed.tags, '{}') as tags,
    listed.is_first, listed.seen_from, listed.ended_at, listed.ended_because, listed.return_at,
    coalesce(
      least(coalesce(listed.first_created_at, billed.billed_from), listed.first_seen_at),
      billed.billed_from
    ) as started_at,
    billed.billed_until,
    case
      when listed.ended_because = 'gone' and listed.return_at is null then
        case
          when billed.last_closed_at between listed.seen_to and listed.ended_at
            then billed.last_closed_at
          else listed.ended_at
        end
    end as vanished_at
  from intermediate.int_voltage_park__listed_state as listed
  full join intermediate.int_voltage_park__billed_resource as billed
    using (account_id, resource_id)
),
dated as (
  select
    known.*,
    case when is_listed then max(vanished_at) over (partition by account_id, resource_id)
      else billed_until end as resource_ended_at
  from known
)
select
  dated.account_id, dated.resource_id, state.valid_from, state.valid_to,
  'voltage-park' as provider, dated.service_name, dated.resource_type, dated.name,
  state.status, dated.sku, location.region_id, location.region_name, dated.tags,
  dated.gpu_model, coalesce(dated.gpu_count, 0) as gpu_count,
  dated.vcpu_count, dated.memory_gib,
  dated.started_at, dated.resource_ended_at as ended_at, dated.version_id as source_version
from dated
left join intermediate.int_voltage_park__host_node_location as location
  on location.account_id = dated.account_id and location.host_node_id = dated.host_node_id
cross join lateral (
  select
    case when dated.is_listed and not dated.is_first then dated.seen_from
      else dated.started_at end as live_from,
    case when dated.is_listed then coalesce(dated.vanished_at, dated.ended_at)
      else dated.billed_until end as live_to,
    not dated.is_listed or dated.ended_because = 'gone' as has_end
) as life
cross join lateral (
  values
    (life.live_from, life.live_to, dated.status),
    (case when life.has_end then life.live_to end, dated.return_at, 'ended')
) as state (valid_from, valid_to, status)
where state.valid_from < coalesce(state.valid_to, 'infinity')

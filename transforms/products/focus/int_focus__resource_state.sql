-- One row per resource and interval of days in which its charges describe it alike: what the last charge that
-- begins on a day says holds from that day on. The files say neither when a resource began nor whether it
-- still runs. Nothing is joined and everything is per resource, so that looking up one reads one.
select
  state.account_id,
  state.resource_id,
  state.valid_from,
  lead(state.valid_from) over resources as valid_to,

  state.provider,
  left(coalesce(state.service_name, 'Other'), 200) as service_name,
  left(state.resource_type, 200) as resource_type,
  left(state.resource_name, 200) as name,
  'running' as status,
  null::text as sku,
  left(state.region_id, 200) as region_id,
  left(coalesce(state.region_name, state.region_id), 200) as region_name,
  state.tags,

  null::text as gpu_model,
  0 as gpu_count,
  null::numeric as vcpu_count,
  null::numeric as memory_gib,

  null::timestamptz as started_at,
  null::timestamptz as ended_at,
  state.version_id as source_version
from (
  select
    day.*,
    case
      when lag(day.starts_at) over days is null then day.starts_at
      else date_trunc('day', day.starts_at, 'UTC')
    end as valid_from,
    lag(day.starts_at) over days is null or (
      day.provider, day.service_name, day.resource_type, day.resource_name, day.region_id,
      day.region_name, day.tags
    ) is distinct from (
      lag(day.provider) over days, lag(day.service_name) over days,
      lag(day.resource_type) over days, lag(day.resource_name) over days,
      lag(day.region_id) over days, lag(day.region_name) over days, lag(day.tags) over days
    ) as is_change
  from (
    select distinct on (
      charge.account_id, charge.resource_id, (charge.starts_at at time zone 'UTC')::date
    )
      charge.account_id, charge.resource_id, charge.version_id, charge.starts_at,
      charge.provider, charge.service_name, charge.resource_type, charge.resource_name,
      charge.region_id, charge.region_name,
      array(
        select left(tag.name, 256)
        from (
          select
            case
              when member.value in ('true', '', 'null') or member.value is null then member.key
              else member.key || ':' || member.value
            end as name
          from jsonb_each_text(
            case jsonb_typeof(charge.tags) when 'object' then charge.tags else '{}' end
          ) as member
          -- An owner that the file names is in force, whatever the tags say.
          where not (charge.has_owner and member.key ~ '^(team|project|env)(:|$)')
          union all
          select owner.name
          from (
            values
              ('team:' || charge.team), ('project:' || charge.project),
              ('env:' || charge.environment)
          ) as owner (name)
          where owner.name is not null
        ) as tag
        order by tag.name collate "C"
        limit 100
      ) as tags
    from intermediate.int_focus__counted_charge as charge
    order by
      charge.account_id, charge.resource_id, (charge.starts_at at time zone 'UTC')::date,
      charge.starts_at desc, charge.billed_cost desc, charge.record_key collate "C"
  ) as day
  window days as (partition by day.account_id, day.resource_id order by day.starts_at)
) as state
where state.is_change
window resources as (partition by state.account_id, state.resource_id order by state.valid_from)

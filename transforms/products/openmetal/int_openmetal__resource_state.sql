-- One row per resource and interval in which nothing about it changed: its cloud's label and pod,
-- its nodes' power and its removal. An asset is `ended` from its removal on although it is charged
-- until its term ends: `ended_at` is the end of the charges and may lie ahead.
with cloud_version as materialized (
  select
    cloud.*,
    lag(version_id) over versions is not null
      and (label, cloud_type, region_id) is distinct from
        (lag(label) over versions, lag(cloud_type) over versions, lag(region_id) over versions)
      as is_change
  from staging.stg_openmetal__cloud as cloud
  window versions as (partition by account_id, cloud_id order by seen_from, version_id)
),
powered_off as materialized (
  select account_id, node_id, seen_from as off_from, coalesce(ended_at, 'infinity') as off_to
  from staging.stg_openmetal__node
  where is_powered_off
),
region as (
  select account_id, region_id, region_name
  from staging.stg_openmetal__location
  where ended_at is null
),
state as (
  select resource.*, span.valid_from, span.valid_to
  from intermediate.int_openmetal__resource as resource
  cross join lateral (
    select change.at as valid_from, lead(change.at) over (order by change.at) as valid_to
    from (
      select resource.known_from as at
      union
      select greatest(resource.left_at, resource.known_from)
      union
      select cloud.seen_from
      from cloud_version as cloud
      where cloud.account_id = resource.account_id and cloud.cloud_id = resource.cloud_id
        and cloud.is_change
        and cloud.seen_from > resource.known_from
        and cloud.seen_from < coalesce(resource.left_at, 'infinity')
      union
      select power.at
      from powered_off
      cross join lateral (values (off_from), (off_to)) as power (at)
      where powered_off.account_id = resource.account_id
        and powered_off.node_id = any (resource.node_ids)
        and power.at > resource.known_from
        and power.at < coalesce(resource.left_at, 'infinity')
    ) as change
    where change.at is not null
  ) as span
),
placed as (
  select state.*, cloud.label, cloud.cloud_type, cloud.region_id
  from state
  cross join lateral (
    select label, cloud_type, region_id
    from cloud_version as cloud
    where cloud.account_id = state.account_id and cloud.cloud_id = state.cloud_id
    order by
      cloud.seen_from > state.valid_from,
      case when cloud.seen_from <= state.valid_from then cloud.seen_from end desc,
      cloud.seen_from
    limit 1
  ) as cloud
)
select
  placed.account_id,
  placed.resource_id,
  placed.valid_from,
  placed.valid_to,

  'openmetal' as provider,
  case placed.cloud_type when 'pcc' then 'OpenMetal Private Cloud' else 'OpenMetal Bare Metal' end
    as service_name,
  case placed.kind
    when 'server' then
      case placed.cloud_type when 'pcc' then 'Private Cloud Node' else 'Bare Metal Server' end
    when 'ip block' then 'IP Block'
    when 'discount' then 'Discount'
    else 'Add-on'
  end as resource_type,
  placed.name,
  case
    when placed.left_at <= placed.valid_from then 'ended'
    when cardinality(placed.node_ids) > 0 and power.nodes_off = cardinality(placed.node_ids)
      then 'stopped'
    else 'running'
  end as status,
  placed.sku,
  placed.region_id,
  region.region_name,
  array_remove(array['cloud:' || placed.label], null) as tags,

  null::text as gpu_model, -- no answer says which GPUs a node has
  0 as gpu_count,
  hardware.vcpu_count,
  hardware.memory_gib,

  placed.started_at,
  placed.ended_at,
  placed.source_version
from placed
left join region using (account_id, region_id)
cross join lateral (
  select count(distinct node_id) as nodes_off
  from powered_off
  where powered_off.account_id = placed.account_id
    and powered_off.node_id = any (placed.node_ids)
    and powered_off.off_from <= placed.valid_from
    and powered_off.off_to > placed.valid_from
) as power
cross join lateral (
  select sum(latest.vcpu_count) as vcpu_count, sum(latest.memory_gib) as memory_gib
  from unnest(placed.node_ids) as held (node_id)
  cross join lateral (
    select node.vcpu_count, node.memory_gib
    from staging.stg_openmetal__node as node
    where node.account_id = placed.account_id and node.record_key = held.node_id
    order by node.seen_from desc, node.version_id desc
    limit 1
  ) as latest
) as hardware

-- One row per version of a bare-metal rental. Counts and sizes are of the whole rental, all nodes
-- together, as its rate is; null while a pending rental does not tell its specification.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  version.payload ->> 'name' as name,
  case
    when version.payload ->> 'status' = 'Pending' then 'provisioning'
    when version.payload ->> 'status' = 'Failed' then 'failed'
    when version.payload ->> 'status' = 'Terminated' then 'ended'
    when version.payload ->> 'power_status' = 'Stopped' then 'stopped'
    else 'running'
  end as status,
  version.payload #>> '{specs_per_node,gpu_model}' as gpu_model,
  node.count || 'x' || coalesce(node.gpu_count, 0)
    || coalesce(' ' || (version.payload #>> '{specs_per_node,gpu_model}'), '')
    || coalesce(' ' || (version.payload ->> 'network_type'), '') as sku,
  array(
    select jsonb_array_elements_text(nullif(version.payload -> 'tags', 'null'))
  ) as tags,

  node.count as node_count,
  node.count * node.gpu_count as gpu_count,
  node.count * (version.payload #>> '{specs_per_node,cpu_count}')::numeric as vcpu_count,
  node.count * (version.payload #>> '{specs_per_node,ram_gb}')::numeric as memory_gib,
  (version.payload ->> 'rate_hourly')::numeric as compute_usd_per_hour,

  (version.payload ->> 'creation_timestamp')::timestamptz as created_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral (
  select
    (version.payload ->> 'node_count')::numeric::integer as count,
    (version.payload #>> '{specs_per_node,gpu_count}')::numeric::integer as gpu_count
) as node
where version.entity = 'voltage_park.bare_metal_rental'

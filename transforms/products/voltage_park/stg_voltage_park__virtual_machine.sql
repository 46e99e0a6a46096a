-- One row per version of a virtual machine. Rates are per hour for the whole machine, split as the
-- provider bills it: the disk, which is all that is charged once resources are disassociated, and
-- everything else.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.payload ->> 'hostnode_id' as host_node_id,

  version.payload ->> 'name' as name,
  case version.payload ->> 'status'
    when 'Stopped' then 'stopped'
    when 'StoppedDisassociated' then 'stopped'
    when 'Outbid' then 'stopped'
    when 'Pending' then 'provisioning'
    when 'Terminated' then 'ended'
    else 'running'
  end as status,
  case version.payload ->> 'type' when 'spot' then 'Dynamic' else 'Standard' end
    as pricing_category,
  gpu.model as gpu_model,
  coalesce(
    gpu.sku,
    (version.payload #>> '{resources,vcpu_count}') || 'vcpu-'
      || (version.payload #>> '{resources,ram_gb}') || 'gb'
  ) as sku,
  array(
    select jsonb_array_elements_text(nullif(version.payload -> 'tags', 'null'))
  ) as tags,

  coalesce(gpu.count, 0) as gpu_count,
  (version.payload #>> '{resources,vcpu_count}')::numeric as vcpu_count,
  (version.payload #>> '{resources,ram_gb}')::numeric as memory_gib,
  (version.payload #>> '{resources,storage_gb}')::numeric as disk_gb,
  (version.payload #>> '{pricing,total_associated_per_hr}')::numeric
    - (version.payload #>> '{pricing,total_disassociated_per_hr}')::numeric
    as compute_usd_per_hour,
  (version.payload #>> '{pricing,total_disassociated_per_hr}')::numeric as disk_usd_per_hour,
  (
    case
      when version.payload ->> 'status' in ('StoppedDisassociated', 'Outbid')
        then version.payload #>> '{pricing,total_disassociated_per_hr}'
      else version.payload #>> '{pricing,total_associated_per_hr}'
    end
  )::numeric as effective_usd_per_hour,

  (version.payload ->> 'timestamp_creation')::timestamptz as created_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
left join lateral (
  select
    string_agg(held.model, '+' order by held.model) as model,
    string_agg(held.count || 'x ' || held.model, ' + ' order by held.model) as sku,
    sum(held.count)::integer as count
  from (
    select entry.key as model, (entry.value ->> 'count')::numeric::integer as count
    from jsonb_each(nullif(version.payload #> '{resources,gpus}', 'null')) as entry
  ) as held
  where held.count > 0
) as gpu on true
where version.entity = 'voltage_park.virtual_machine'

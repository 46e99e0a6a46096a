-- One row per version of a cloud's totals in one UTC calendar month (the slice). The seed lists the
-- figures flat, the specification nests them. Nodes and active VMs are of the moment of the report.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as cloud_id,

  version.payload ->> 'site' as region_id,
  version.payload ->> 'instance_type' as node_sku,

  (version.payload ->> 'nodes')::numeric as nodes_now,
  (version.payload ->> 'active_vms')::numeric as active_vms_now,
  coalesce(
    version.payload -> 'period_usage' ->> 'total_vms_created',
    version.payload ->> 'total_vms_created'
  )::numeric as vms_created,
  coalesce(
    version.payload -> 'period_usage' ->> 'total_vms_released',
    version.payload ->> 'total_vms_released'
  )::numeric as vms_released,
  coalesce(
    version.payload -> 'period_usage' ->> 'total_vm_hours',
    version.payload ->> 'total_vm_hours'
  )::numeric as vm_hours,

  (version.slice || '-01')::date as usage_month,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'flexvm.report_cloud'

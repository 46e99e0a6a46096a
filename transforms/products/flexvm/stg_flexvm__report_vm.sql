-- One row per version of a VM's whole hours in one UTC calendar month (the slice).
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as vm_id,
  version.payload ->> 'cloud_id' as cloud_id,

  version.payload ->> 'plan' as sku,
  version.payload ->> 'site' as region_id,

  (version.payload ->> 'vm_hours')::numeric as vm_hours,

  (version.slice || '-01')::date as usage_month,
  (version.payload ->> 'created_at')::timestamptz as created_at,
  nullif(version.payload ->> 'released_at', '')::timestamptz as released_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'flexvm.report_vm'

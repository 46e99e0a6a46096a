-- One row per version of a tag's totals in one UTC calendar month (the slice). A VM counts under
-- each of its tags, an untagged one under none: these rows do not add up to the month.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  version.payload ->> 'tag' as tag,

  (version.payload ->> 'active_vms')::numeric as active_vms_now,
  (version.payload ->> 'total_vms_created')::numeric as vms_created,
  (version.payload ->> 'total_vms_released')::numeric as vms_released,
  (version.payload ->> 'total_vm_hours')::numeric as vm_hours,

  (version.slice || '-01')::date as usage_month,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'flexvm.report_tag'

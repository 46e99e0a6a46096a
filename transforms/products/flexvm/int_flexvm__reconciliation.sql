-- One row per virtual machine and UTC month, and as cross-checks one per cloud and one per tag: the
-- hours we count beside those of the newest monthly report. A month is final once its report was
-- read after its end, a VM's once its deletion is told; what we took back since reports were last
-- read is not. The totals round on their own: they may differ by an hour per VM; a VM counts under
-- each of its tags.
with report as (
  select
    account_id,
    (slice || '-01')::date as month,
    max(complete_at) over (partition by account_id) as read_at,
    complete_at >= ((slice || '-01')::timestamp + interval '1 month') at time zone 'UTC' as is_whole
  from landing.watermark
  where stream = 'flexvm.monthly_report'
),
corrected as (
  select account_id, resource_id as line, month, corrected_at
  from intermediate.int_i3d__corrected_month
  where provider = 'i3d-flexvm'
),
reported as (
  select
    account_id,
    'usage report' as source,
    record_key as line,
    usage_month as month,
    vm_hours as hours,
    released_at is not null as is_released,
    version_id
  from staging.stg_flexvm__report_vm
  where ended_at is null
  union all
  select account_id, 'usage report by cloud', cloud_id, usage_month, vm_hours, false, version_id
  from staging.stg_flexvm__report_cloud
  where ended_at is null
  union all
  select account_id, 'usage report by tag', tag, usage_month, vm_hours, false, version_id
  from staging.stg_flexvm__report_tag
  where ended_at is null
),
charged as (
  select
    account_id,
    resource_id as vm_id,
    date_trunc('month', charge_date)::date as month,
    sum(usage_hours) as hours,
    sum(case when uncertainty > 0 then round(uncertainty / unit_price) else 0 end)
      as hours_uncertain
  from intermediate.known_charge
  where provider = 'i3d-flexvm' and meter = 'vm-hours'
  group by account_id, resource_id, date_trunc('month', charge_date)
),
vm as (
  select distinct on (account_id, vm_id) account_id, vm_id, cloud_id, tags
  from staging.stg_flexvm__vm
  order by account_id, vm_id, seen_from desc, version_id desc
),
counted as (
  select account_id, 'usage report' as source, vm_id as line, month, hours, hours_uncertain
  from charged
  union all
  select charged.account_id, 'usage report by cloud', vm.cloud_id, charged.month, charged.hours,
    charged.hours_uncertain
  from charged
  join vm using (account_id, vm_id)
  union all
  select charged.account_id, 'usage report by tag', tag, charged.month, charged.hours,
    charged.hours_uncertain
  from charged
  join vm using (account_id, vm_id)
  cross join lateral unnest(vm.tags) as tag
),
ours as (
  select
    account_id, source, line, month,
    sum(hours) as hours,
    sum(hours_uncertain) as hours_uncertain,
    count(*) as vms
  from counted
  group by account_id, source, line, month
)
select
  account_id,
  'i3d-flexvm' as provider,
  month,
  source,
  line,
  'hours' as measure,
  'Hours' as unit,
  ours.hours as ours,
  reported.hours as theirs,
  coalesce(ours.hours_uncertain, 0) as uncertainty,
  case when source = 'usage report' then 0 else coalesce(ours.vms, 0) end::numeric as rounding,
  0::numeric as tax,
  ours.hours - reported.hours as quantity_difference,
  (coalesce(report.is_whole, false) or coalesce(reported.is_released, false))
    and coalesce(report.read_at >= corrected.corrected_at, true) as is_final,
  source = 'usage report' as is_proof,
  case source
    when 'usage report by cloud' then 'The total is rounded on its own: up to an hour per VM.'
    when 'usage report by tag' then 'A VM counts under each of its tags, and rounds in each.'
  end as note,
  array_remove(array[reported.version_id], null) as source_versions
from ours
full join reported using (account_id, source, line, month)
left join report using (account_id, month)
left join corrected using (account_id, line, month)

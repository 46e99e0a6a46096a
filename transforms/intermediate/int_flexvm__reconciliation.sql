-- One row per virtual machine and UTC month: the hours we charge beside the vm_hours of the newest
-- monthly report. A report of a month that still runs is older than our count.
with reported as (
  select
    report.account_id,
    report.record_key as vm_id,
    report.usage_month as month,
    report.vm_hours as hours,
    report.version_id,
    report.released_at is not null or report.seen_from >= (
      (report.usage_month + interval '1 month') at time zone 'UTC'
    ) as is_final
  from staging.stg_flexvm__report_vm as report
  where report.ended_at is null
),
charged as (
  select
    charge.account_id,
    charge.resource_id as vm_id,
    date_trunc('month', charge.charge_date)::date as month,
    sum(charge.usage_hours) as hours,
    sum(case when charge.uncertainty > 0 then charge.quantity else 0 end) as hours_uncertain
  from intermediate.known_charge as charge
  where charge.provider = 'i3d-flexvm' and charge.meter = 'vm-hours'
  group by charge.account_id, charge.resource_id, date_trunc('month', charge.charge_date)
)
select
  account_id,
  'i3d-flexvm' as provider,
  month,
  'usage report' as source,
  vm_id as line,
  'hours' as measure,
  'Hours' as unit,
  charged.hours as ours,
  reported.hours as theirs,
  coalesce(charged.hours_uncertain, 0) as uncertainty,
  0::numeric as rounding,
  0::numeric as tax,
  charged.hours - reported.hours as quantity_difference,
  coalesce(reported.is_final, false) as is_final,
  true as is_proof,
  null::text as note,
  array_remove(array[reported.version_id], null) as source_versions
from charged
full join reported using (account_id, vm_id, month)

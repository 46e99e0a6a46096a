-- One row per UTC day, statement month and slice of costs of rented machines (those whose GPUs or vCPUs
-- are known): hours that ran, and what they cost in the reporting currency. A machine's costs are all
-- its own meters, so that of a virtual machine its disk is among them; volumes, addresses and unused
-- commitments are things of their own and not here. Hours count once per machine, not per meter. What
-- cost nothing (paid on another billing basis, or without a price) has no price per hour: left out.
-- vCPU-hours count the vCPUs of the SKU's newest machine.
select
  daily.cost_date,
  daily.statement_month,
  slice.provider,
  slice.account_id,
  slice.service_name,
  slice.resource_type,
  slice.sku,
  coalesce(slice.region_name, slice.region_id, '(none)') as region,
  coalesce(hardware.gpu_model, '(none)') as gpu_model,
  slice.meter,

  hardware.gpu_count,
  hardware.vcpu_count,
  hours.machine_hours,
  daily.gpu_hours,
  hours.machine_hours * hardware.vcpu_count as vcpu_hours,
  daily.reporting_cost as paid_cost,
  round(daily.list_cost * daily.reporting_cost / nullif(daily.billed_cost, 0), 9) as list_cost,
  daily.uncertainty * daily.reporting_cost / nullif(daily.billed_cost, 0) as uncertainty
from mart.cost_slice as slice
join mart.cost_slice_daily as daily using (slice_id)
join mart.rpt_sku_hardware as hardware
  on hardware.provider = slice.provider and hardware.sku = slice.sku
cross join lateral (
  select case when slice.meter = 'vm-storage-hours' then 0 else daily.usage_hours end
    as machine_hours
) as hours
where slice.resource_type <> 'Committed Capacity'
  and (hardware.gpu_count > 0 or hardware.vcpu_count > 0)
  and (daily.billed_cost <> 0 or daily.list_cost <> 0)

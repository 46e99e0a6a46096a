-- One row per UTC day, provider, kind of machine, SKU and region: hours that machines ran (those
-- whose GPUs or vCPUs are known), and what they cost in the reporting currency. A machine's costs
-- are all its own meters, so that of a virtual machine its disk is among them; volumes, addresses
-- and unused commitments are things of their own and not here. Hours count once per machine, not
-- per meter. What cost nothing (paid on another billing basis, or without a price) has no price per
-- hour: left out.
create temporary table compute_day on commit drop as
select
  daily.cost_date,
  dimension.provider,
  dimension.resource_type,
  dimension.sku,
  coalesce(dimension.region_name, dimension.region_id, '(none)') as region,
  coalesce(hardware.gpu_model, '(none)') as gpu_model,
  hardware.gpu_count,
  hardware.vcpu_count,
  sum(case when dimension.meter = 'vm-storage-hours' then 0 else daily.usage_hours end)
    as machine_hours,
  sum(daily.gpu_hours) as gpu_hours,
  sum(case when dimension.meter = 'vm-storage-hours' then 0 else daily.usage_hours end)
    * hardware.vcpu_count as vcpu_hours,
  sum(daily.reporting_cost) as paid_cost,
  round(
    coalesce(sum(daily.list_cost * daily.reporting_cost / nullif(daily.billed_cost, 0)), 0), 9
  ) as list_cost,
  round(
    coalesce(sum(daily.uncertainty * daily.reporting_cost / nullif(daily.billed_cost, 0)), 0), 9
  ) as uncertainty
from mart.cost_dimension as dimension
join mart.cost_dimension_daily as daily using (dimension_id)
join mart.rpt_sku_hardware as hardware
  on hardware.provider = dimension.provider and hardware.sku = dimension.sku
where dimension.resource_type <> 'Committed Capacity'
  and (hardware.gpu_count > 0 or hardware.vcpu_count > 0)
  and (daily.billed_cost <> 0 or daily.list_cost <> 0)
group by
  daily.cost_date, dimension.provider, dimension.resource_type, dimension.sku,
  coalesce(dimension.region_name, dimension.region_id, '(none)'),
  hardware.gpu_model, hardware.gpu_count, hardware.vcpu_count

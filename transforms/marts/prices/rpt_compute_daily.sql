-- One row per UTC day, provider, kind of machine, SKU and region: hours that machines ran, of their
-- GPUs and vCPUs (those of the SKU's newest machine), and what they cost in the reporting currency
-- at the last refresh. With the machines' own disks; without volumes, addresses and unused
-- commitments.
select
  cost_date,
  provider,
  resource_type,
  sku,
  region,
  gpu_model,

  gpu_count,
  vcpu_count,
  machine_hours,
  gpu_hours,
  vcpu_hours,
  paid_cost,
  list_cost,
  uncertainty
from mart.compute_daily

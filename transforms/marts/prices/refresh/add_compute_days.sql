-- What the slices of costs say now, where it is new or another.
insert into mart.compute_daily as stored (
  cost_date, provider, resource_type, sku, region, gpu_model, gpu_count, vcpu_count, machine_hours,
  gpu_hours, vcpu_hours, paid_cost, list_cost, uncertainty
)
select
  cost_date, provider, resource_type, sku, region, gpu_model, gpu_count, vcpu_count, machine_hours,
  gpu_hours, vcpu_hours, paid_cost, list_cost, uncertainty
from compute_day
on conflict (cost_date, provider, resource_type, sku, region) do update set
  gpu_model = excluded.gpu_model,
  gpu_count = excluded.gpu_count,
  vcpu_count = excluded.vcpu_count,
  machine_hours = excluded.machine_hours,
  gpu_hours = excluded.gpu_hours,
  vcpu_hours = excluded.vcpu_hours,
  paid_cost = excluded.paid_cost,
  list_cost = excluded.list_cost,
  uncertainty = excluded.uncertainty
where stored is distinct from excluded

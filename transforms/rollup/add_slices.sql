-- Slices that `placed_slice` is the first to need.
insert into mart.cost_slice (
  slice_key, provider, account_id, service_name, resource_type, sku, region_id, region_name,
  gpu_model, meter, billing_currency, team, project, environment, cost_centre, dimensions,
  allocation_rule, pool, is_share
)
select distinct on (slice_key)
  slice_key, provider, account_id, service_name, resource_type, sku, region_id, region_name,
  gpu_model, meter, billing_currency, team, project, environment, cost_centre, dimensions,
  allocation_rule, pool, is_share
from placed_slice
where not exists (select from mart.cost_slice as held where held.slice_key = placed_slice.slice_key)

-- Cost dimensions that `placed_dimension` is the first to need.
insert into mart.cost_dimension (
  dimension_key, provider, account_id, service_name, resource_type, sku, region_id, region_name,
  gpu_model, meter, billing_currency, team, project, environment, cost_centre, dimensions,
  allocation_rule, shared_cost, is_share
)
select distinct on (dimension_key)
  dimension_key, provider, account_id, service_name, resource_type, sku, region_id, region_name,
  gpu_model, meter, billing_currency, team, project, environment, cost_centre, dimensions,
  allocation_rule, shared_cost, is_share
from placed_dimension
where not exists (select from mart.cost_dimension as held where held.dimension_key = placed_dimension.dimension_key)

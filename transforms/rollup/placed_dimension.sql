-- One row per cost dimension, UTC day and statement month. `dimension_key` names the dimension for good.
-- Input known_placed: costs with what describes and allocates them.
select
  md5(jsonb_build_array(
    provider, account_id, service_name, resource_type, sku, region_id, region_name, gpu_model, meter,
    billing_currency, team, project, environment, cost_centre, dimensions, allocation_rule, shared_cost,
    is_share
  )::text) as dimension_key,
  summed.*
from (
  select
    provider, account_id, service_name, resource_type, sku, region_id, region_name, gpu_model, meter,
    billing_currency, team, project, environment, cost_centre,
    coalesce(dimensions, '{}') as dimensions,
    allocation_rule, shared_cost, is_share, cost_date, statement_month,
    sum(usage_hours) as usage_hours,
    sum(gpu_hours) as gpu_hours,
    sum(list_cost) as list_cost,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost,
    sum(reporting_cost) as reporting_cost,
    sum(accrued_cost) as accrued_cost,
    sum(uncertainty) as uncertainty
  from known_placed as placed
  group by provider, account_id, service_name, resource_type, sku, region_id, region_name, gpu_model,
    meter, billing_currency, team, project, environment, cost_centre, coalesce(dimensions, '{}'),
    allocation_rule, shared_cost, is_share, cost_date, statement_month
) as summed

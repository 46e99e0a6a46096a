-- One row per slice of costs: what describes it, in words that a reader can choose by. A sum over a long
-- range is quickest by slice first, and by these words then.
select
  dimension_id,
  provider,
  account_id,
  chosen_service_name as service_name,
  chosen_resource_type as resource_type,
  chosen_sku as sku,
  chosen_region as region,
  chosen_gpu_model as gpu_model,
  meter,
  chosen_team as team,
  chosen_project as project,
  chosen_environment as environment,
  chosen_cost_centre as cost_centre,
  is_share,
  billing_currency
from mart.cost_dimension

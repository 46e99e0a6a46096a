-- Daily facts with what describes and allocates them, in the columns that the roll-up adds up. Without
-- rules that share, no cost is a shared one.
-- Input known_placed: facts with their ownership and shared cost.
select
  provider, account_id, service_name, resource_type, sku, region_id, region_name, gpu_model, meter,
  billing_currency, team, project, environment, cost_centre, dimensions,
  coalesce(rules ->> 'team', 'none') as allocation_rule,
  case when :'is_sharing'::boolean then shared_cost end as shared_cost,
  false as is_share, cost_date, statement_month, usage_hours, gpu_hours, list_cost, billed_cost,
  effective_cost, reporting_cost, accrued_cost, uncertainty
from known_placed as placed

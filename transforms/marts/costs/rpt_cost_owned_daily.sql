-- One row per daily fact and who is charged for it, with what the resource was at the end of that
-- UTC day. Months that are closed are reported as they were at their close.
select
  account_id, resource_id, meter, cost_date, cost_month, statement_month, billing_currency,
  provider, service_name, resource_type, resource_name, sku, region_id, region_name, team, project,
  environment, cost_centre, dimensions, allocation_rule, is_share, gpu_model, quantity,
  usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost, effective_cost,
  reporting_cost, accrued_cost, estimated_cost, uncertainty
from mart.open_cost_owned_daily
union all
select
  account_id, resource_id, meter, cost_date, date_trunc('month', cost_date::timestamp)::date,
  statement_month, billing_currency, provider, service_name, resource_type, resource_name, sku,
  region_id, region_name, team, project, environment, cost_centre, dimensions, allocation_rule,
  is_share, gpu_model, quantity, usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost,
  effective_cost, reporting_cost, accrued_cost, estimated_cost, uncertainty
from ledger.closed_cost

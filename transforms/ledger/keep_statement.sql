-- The month's statement as it is now: what `mart.rpt_cost_owned_daily` says of it from now on.
insert into ledger.closed_cost (
  statement_month, account_id, resource_id, meter, cost_date, billing_currency, provider,
  service_name, resource_type, resource_name, sku, region_id, region_name, team, project,
  environment, cost_centre, dimensions, allocation_rule, is_share, gpu_model, quantity, usage_hours, gpu_hours, list_cost, contracted_cost,
  billed_cost, effective_cost, reporting_cost, accrued_cost, estimated_cost, uncertainty
)
select
  statement_month, account_id, resource_id, meter, cost_date, billing_currency, provider,
  service_name, resource_type, resource_name, sku, region_id, region_name, team, project,
  environment, cost_centre, dimensions, allocation_rule, is_share, gpu_model, quantity, usage_hours, gpu_hours, list_cost, contracted_cost,
  billed_cost, effective_cost, reporting_cost, accrued_cost, estimated_cost, uncertainty
from mart.rpt_cost_owned_daily
where statement_month = :'from'::date

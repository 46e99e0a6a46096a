-- Adds the run's deltas by day to the daily facts.
insert into mart.fct_cost_daily as fact (
  account_id, resource_id, meter, cost_date, statement_month, billing_currency, provider, quantity,
  usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost, effective_cost, reporting_cost,
  accrued_cost, estimated_cost, uncertainty
)
select
  account_id, resource_id, meter, cost_date, statement_month, billing_currency, provider, quantity,
  usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost, effective_cost, reporting_cost,
  accrued_cost, estimated_cost, uncertainty
from cost_delta_daily
on conflict (account_id, resource_id, cost_date, meter, billing_currency, statement_month) do update set
  quantity = fact.quantity + excluded.quantity,
  usage_hours = fact.usage_hours + excluded.usage_hours,
  gpu_hours = fact.gpu_hours + excluded.gpu_hours,
  list_cost = fact.list_cost + excluded.list_cost,
  contracted_cost = fact.contracted_cost + excluded.contracted_cost,
  billed_cost = fact.billed_cost + excluded.billed_cost,
  effective_cost = fact.effective_cost + excluded.effective_cost,
  reporting_cost = fact.reporting_cost + excluded.reporting_cost,
  accrued_cost = fact.accrued_cost + excluded.accrued_cost,
  estimated_cost = fact.estimated_cost + excluded.estimated_cost,
  uncertainty = fact.uncertainty + excluded.uncertainty

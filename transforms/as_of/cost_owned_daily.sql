-- The rows of rpt_cost_owned_daily as they were known at an instant, for the days and statements from
-- :'from' to before :'to': open months by the rules of then, closed ones as they were closed.
-- Input known_owned: open months' costs by owner.
-- Input known_closed_month: months that were closed.
select
  account_id, resource_id, meter, cost_date, cost_month, statement_month, billing_currency,
  provider, service_name, resource_type, resource_name, sku, region_id, region_name, team, project,
  environment, cost_centre, dimensions, allocation_rule, is_share, gpu_model, quantity,
  usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost, effective_cost,
  reporting_cost, accrued_cost, estimated_cost, uncertainty
from known_owned
where statement_month not in (select month from known_closed_month)
  and (cost_date >= :'from'::date or statement_month >= :'from'::date)
union all
select
  account_id, resource_id, meter, cost_date, date_trunc('month', cost_date::timestamp)::date,
  statement_month, billing_currency, provider, service_name, resource_type, resource_name, sku,
  region_id, region_name, team, project, environment, cost_centre, dimensions, allocation_rule,
  is_share, gpu_model, quantity, usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost,
  effective_cost, reporting_cost, accrued_cost, estimated_cost, uncertainty
from ledger.closed_cost
where statement_month in (select month from known_closed_month)
  and cost_date < :'to'::date
  and (cost_date >= :'from'::date or statement_month >= :'from'::date)

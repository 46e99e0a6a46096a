-- A day from which everything was taken back leaves no row behind.
delete from mart.fct_cost_daily as fact
using (
  select distinct account_id, resource_id
  from cost_delta
) as touched
where fact.account_id = touched.account_id and fact.resource_id = touched.resource_id
  and fact.cost_date >= :'from_date'
  and fact.quantity = 0 and fact.usage_hours = 0 and fact.list_cost = 0 and fact.billed_cost = 0
  and fact.effective_cost = 0 and fact.reporting_cost = 0 and fact.uncertainty = 0

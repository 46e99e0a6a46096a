-- A day from which everything was taken back leaves no row behind.
delete from mart.fct_cost_daily as fact
using (
  select account_id, resource_id, min(charge_date) as from_date
  from cost_delta
  group by account_id, resource_id
) as touched
where fact.account_id = touched.account_id and fact.resource_id = touched.resource_id
  and fact.cost_date >= touched.from_date
  and fact.quantity = 0 and fact.usage_hours = 0 and fact.list_cost = 0 and fact.billed_cost = 0
  and fact.effective_cost = 0 and fact.reporting_cost = 0 and fact.uncertainty = 0

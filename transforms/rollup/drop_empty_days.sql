-- A day from which everything was taken back leaves no row behind.
delete from mart.fct_cost_daily as fact
using cost_delta_daily as touched
where fact.account_id = touched.account_id and fact.resource_id = touched.resource_id
  and fact.meter = touched.meter and fact.billing_currency = touched.billing_currency
  and fact.cost_date = touched.cost_date and fact.statement_month = touched.statement_month
  and fact.quantity = 0 and fact.usage_hours = 0 and fact.list_cost = 0 and fact.billed_cost = 0
  and fact.effective_cost = 0 and fact.reporting_cost = 0 and fact.uncertainty = 0

-- A dimension's day from which everything was taken back leaves no row behind.
delete from mart.cost_dimension_daily as held
using dimension_difference as touched
where held.dimension_id = touched.dimension_id and held.cost_date = touched.cost_date
  and held.statement_month = touched.statement_month
  and held.usage_hours = 0 and held.gpu_hours = 0 and held.list_cost = 0 and held.billed_cost = 0
  and held.effective_cost = 0 and held.reporting_cost = 0 and held.accrued_cost = 0
  and held.uncertainty = 0

-- A slice's day from which everything was taken back leaves no row behind. `known_slice_day` stands for
-- the table.
delete from known_slice_day as held
using slice_difference as touched
where held.slice_id = touched.slice_id and held.cost_date = touched.cost_date
  and held.statement_month = touched.statement_month
  and held.usage_hours = 0 and held.gpu_hours = 0 and held.list_cost = 0 and held.billed_cost = 0
  and held.effective_cost = 0 and held.reporting_cost = 0 and held.accrued_cost = 0
  and held.uncertainty = 0

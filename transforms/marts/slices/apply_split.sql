-- Enters the pools' split: parts of teams, and pools that nobody shares in that month.
insert into mart.cost_slice_daily (
  cost_date, slice_id, statement_month, usage_hours, gpu_hours, list_cost, billed_cost,
  effective_cost, reporting_cost, accrued_cost, uncertainty, exchange_rate
)
select
  cost_date, slice_id, statement_month, usage_hours, gpu_hours, list_cost, billed_cost,
  effective_cost, reporting_cost, accrued_cost, uncertainty, exchange_rate
from slice_difference

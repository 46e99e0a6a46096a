-- Adds differences to the days of shared costs, which wait there for their split.
insert into mart.shared_cost_daily as held (
  cost_date, dimension_id, statement_month, usage_hours, gpu_hours, list_cost, billed_cost,
  effective_cost, reporting_cost, accrued_cost, uncertainty, exchange_rate
)
select
  cost_date, dimension_id, statement_month, usage_hours, gpu_hours, list_cost, billed_cost,
  effective_cost, reporting_cost, accrued_cost, uncertainty, exchange_rate
from dimension_difference
where shared_cost is not null
on conflict (cost_date, dimension_id, statement_month) do update set
  usage_hours = held.usage_hours + excluded.usage_hours,
  gpu_hours = held.gpu_hours + excluded.gpu_hours,
  list_cost = held.list_cost + excluded.list_cost,
  billed_cost = held.billed_cost + excluded.billed_cost,
  effective_cost = held.effective_cost + excluded.effective_cost,
  reporting_cost = held.reporting_cost + excluded.reporting_cost,
  accrued_cost = held.accrued_cost + excluded.accrued_cost,
  uncertainty = held.uncertainty + excluded.uncertainty,
  exchange_rate = excluded.exchange_rate

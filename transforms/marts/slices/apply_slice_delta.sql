-- Adds the run's differences to the slices' days; a difference of nothing writes nothing.
insert into mart.cost_slice_daily as held (
  cost_date, slice_id, statement_month, usage_hours, gpu_hours, list_cost, billed_cost,
  effective_cost, reporting_cost, accrued_cost, uncertainty
)
select
  delta.cost_date, slice.slice_id, delta.statement_month, sum(delta.usage_hours),
  sum(delta.gpu_hours), sum(delta.list_cost), sum(delta.billed_cost), sum(delta.effective_cost),
  sum(delta.reporting_cost), sum(delta.accrued_cost), sum(delta.uncertainty)
from slice_delta as delta
join mart.cost_slice as slice using (slice_key)
group by delta.cost_date, slice.slice_id, delta.statement_month
having (
  sum(delta.usage_hours), sum(delta.gpu_hours), sum(delta.list_cost), sum(delta.billed_cost),
  sum(delta.effective_cost), sum(delta.reporting_cost), sum(delta.accrued_cost), sum(delta.uncertainty)
) <> (0, 0, 0, 0, 0, 0, 0, 0)
on conflict (cost_date, slice_id, statement_month) do update set
  usage_hours = held.usage_hours + excluded.usage_hours,
  gpu_hours = held.gpu_hours + excluded.gpu_hours,
  list_cost = held.list_cost + excluded.list_cost,
  billed_cost = held.billed_cost + excluded.billed_cost,
  effective_cost = held.effective_cost + excluded.effective_cost,
  reporting_cost = held.reporting_cost + excluded.reporting_cost,
  accrued_cost = held.accrued_cost + excluded.accrued_cost,
  uncertainty = held.uncertainty + excluded.uncertainty

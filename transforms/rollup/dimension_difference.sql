-- One row per cost dimension, UTC day and statement month that the run changes, and by how much.
create temporary table dimension_difference on commit drop as
select
  dimension.dimension_id, dimension.shared_cost, delta.cost_date, delta.statement_month,
  sum(delta.usage_hours) as usage_hours,
  sum(delta.gpu_hours) as gpu_hours,
  sum(delta.list_cost) as list_cost,
  sum(delta.billed_cost) as billed_cost,
  sum(delta.effective_cost) as effective_cost,
  sum(delta.reporting_cost) as reporting_cost,
  sum(delta.accrued_cost) as accrued_cost,
  sum(delta.uncertainty) as uncertainty,
  case
    when dimension.billing_currency = :'reporting_currency' then 1
    else (
      select rate.rate
      from reference.exchange_rate as rate
      where rate.base_currency = dimension.billing_currency
        and rate.quote_currency = :'reporting_currency' and rate.superseded_at is null
        and rate.valid_from <= delta.cost_date
      order by rate.valid_from desc
      limit 1
    )
  end as exchange_rate
from dimension_delta as delta
join mart.cost_dimension as dimension using (dimension_key)
group by dimension.dimension_id, dimension.shared_cost, dimension.billing_currency, delta.cost_date, delta.statement_month
having (
  sum(delta.usage_hours), sum(delta.gpu_hours), sum(delta.list_cost), sum(delta.billed_cost),
  sum(delta.effective_cost), sum(delta.reporting_cost), sum(delta.accrued_cost),
  sum(delta.uncertainty)
) <> (0, 0, 0, 0, 0, 0, 0, 0)

-- One row per account, provider, UTC month and billing currency with costs that the last check compared with
-- nothing: the provider has stated no figure that proves or refutes them. `billed_cost` is in that currency.
select
  dimension.account_id,
  dimension.provider,
  date_trunc('month', daily.cost_date::timestamp)::date as month,
  dimension.billing_currency,
  sum(daily.billed_cost) as billed_cost
from mart.cost_dimension_daily as daily
join mart.cost_dimension as dimension using (dimension_id)
where not exists (
  select from mart.reconciliation as line
  -- Invoices of i3D are one source for all of its products.
  where line.account_id = dimension.account_id and line.is_proof
    and starts_with(dimension.provider, line.provider)
    and line.month = date_trunc('month', daily.cost_date::timestamp)::date
)
group by dimension.account_id, dimension.provider, date_trunc('month', daily.cost_date::timestamp),
  dimension.billing_currency
having sum(daily.billed_cost) <> 0

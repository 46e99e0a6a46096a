-- One row per closed UTC month and billing currency: how it was closed, what its statement comes to
-- (`of_earlier_cost`: the part that corrects months closed before), and what was learnt of its days
-- since, which later statements hold.
with cost as (
  select
    daily.statement_month,
    date_trunc('month', daily.cost_date::timestamp)::date as cost_month,
    dimension.billing_currency,
    sum(daily.billed_cost) as cost
  from mart.cost_dimension_daily as daily
  join mart.cost_dimension as dimension using (dimension_id)
  group by daily.statement_month, cost_month, dimension.billing_currency
)
select
  closed.month,
  closed.closed_at,
  closed.is_forced,
  (
    select string_agg(
      format('%s (%s)', obstacle ->> 'kind', obstacle ->> 'occurrences'), ', '
      order by (obstacle ->> 'kind') collate "C", (obstacle ->> 'account_id') collate "C"
    )
    from jsonb_array_elements(closed.obstacles) as obstacle
  ) as obstacles,
  cost.billing_currency,
  coalesce(sum(cost.cost) filter (where cost.statement_month = closed.month), 0) as stated_cost,
  coalesce(sum(cost.cost) filter (where cost.cost_month < closed.month), 0) as of_earlier_cost,
  coalesce(sum(cost.cost) filter (where cost.statement_month > closed.month), 0)
    as learnt_since_cost
from ledger.closed_month as closed
left join cost on cost.statement_month = closed.month or cost.cost_month = closed.month
group by closed.month, cost.billing_currency

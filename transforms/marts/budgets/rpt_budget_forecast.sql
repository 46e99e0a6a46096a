-- One row per budget and period, as in rpt_budget_spend: its cost at the period's end. The running
-- month's part is `mart.forecast` where the scope is one that it knows and it is not an hour older
-- than the last transform; for a cost centre, the sum of the centres that it covers. Without it, and
-- for months to come, the burn of the last whole days goes on; low and high then are the cheapest
-- and the most expensive of those days. Null without a burn.
-- Input rpt_budget_clock (mart.rpt_budget_clock): the instants that budgets are judged at and known at.
-- Input rpt_budget_centre (mart.rpt_budget_centre): cost centres under each budget.
-- Input rpt_budget_spend (mart.rpt_budget_spend): spend by budget period.
-- Input known_forecast (mart.forecast): stored forecasts.
with spend as materialized (
  select
    rpt_budget_spend.*,
    (date_trunc('month', judged_at, 'UTC') at time zone 'UTC')::date as running_month
  from rpt_budget_spend
),
single as (
  select spend.budget_row_id, spend.period_start, spend.running_month, part.kind, part.value
  from spend
  cross join lateral (
    select key, value from jsonb_each_text(spend.scope)
    union all
    select 'total', 'all' where spend.scope = '{}'
  ) as part (kind, value)
  where not spend.is_over and (select count(*) from jsonb_object_keys(spend.scope)) <= 1
),
month_end as (
  select
    single.budget_row_id, single.period_start,
    sum(stored.forecast_cost) as forecast_cost,
    sum(stored.low_cost) as low_cost,
    sum(stored.high_cost) as high_cost,
    max(stored.method collate "C") as method
  from single
  join known_forecast as stored
    on stored.month = single.running_month and stored.scope_kind = single.kind
  cross join rpt_budget_clock as clock
  where stored.as_of >= clock.known_at - interval '1 hour'
    and (stored.scope_value = single.value or single.kind = 'cost_centre' and exists (
      select from rpt_budget_centre as centre
      where centre.root = single.value and centre.cost_centre = stored.scope_value
    ))
  group by single.budget_row_id, single.period_start
),
remaining as (
  select
    spend.*,
    month_end.method,
    -- What needs no burn.
    coalesce(spent_before_month + month_end.forecast_cost, spent_cost) as certain_cost,
    coalesce(spent_before_month + month_end.low_cost, spent_cost) as certain_low,
    coalesce(spent_before_month + month_end.high_cost, spent_cost) as certain_high,
    greatest(extract(epoch from period_end::timestamp at time zone 'UTC' - case
      when month_end.method is null then judged_at
      else (running_month + interval '1 month') at time zone 'UTC'
    end) / 86400, 0) as days_left
  from spend
  left join month_end using (budget_row_id, period_start)
)
select
  budget_row_id, budget, scope, period, growth_percent, actual_thresholds, forecast_thresholds,
  channels, period_start, period_end, judged_at, is_over, is_incomplete,
  amount, spent_cost, accrued_cost, uncertainty, hidden_cost, highest_day_cost, burn_per_day,
  broken_on,
  case
    when is_over then spent_cost
    when days_left = 0 then certain_cost
    else round(certain_cost + burn_per_day * days_left, 9)
  end as forecast_cost,
  case
    when is_over then spent_cost
    when days_left = 0 then certain_low
    else round(certain_low + burn_low * days_left, 9)
  end as low_cost,
  case
    when is_over then spent_cost
    when days_left = 0 then certain_high
    else round(certain_high + burn_high * days_left, 9)
  end as high_cost,
  case when is_over then 'period is over' else coalesce(method, 'burn of 7 days') end as method
from remaining

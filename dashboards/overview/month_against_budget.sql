-- One row per UTC day of the month in which the range ends, the running one at most: what it had cost by the
-- day's end, what the month before had, the budget over everything, and the way to the forecast.
with month as materialized (
  select
    shown.month_start,
    (shown.month_start + interval '1 month')::date as month_end,
    (shown.month_start - interval '1 month')::date as month_before
  from (
    select least(
      date_trunc('month', ($__timeTo()::timestamptz - interval '1 second') at time zone 'UTC')::date,
      mart.this_month()
    ) as month_start
  ) as shown
),
daily as (
  select cost_date, sum(cost) as cost
  from mart.rpt_cost_daily
  cross join month
  where basis = 'billed' and currency = 'reporting'
    and cost_date >= month_before and cost_date < month_end and cost_date <= mart.today()
  group by cost_date
),
summed as (
  select
    cost_date,
    sum(cost) over (partition by date_trunc('month', cost_date) order by cost_date) as cost
  from daily
),
day as (
  select month.*, each::date as day
  from month
  cross join lateral generate_series(
    month_start::timestamp, month_end - interval '1 day', interval '1 day'
  ) as each
),
outlook as (
  select
    forecast.forecast_cost, low_cost, high_cost, reached.cost as cost_now,
    mart.today() as today, month_end - 1 - mart.today() as days_left
  from month
  join mart.forecast as forecast
    on forecast.scope_kind = 'total' and forecast.month = month_start
    and month_start = mart.this_month()
  join summed as reached on reached.cost_date = mart.today()
)
select
  day.day::timestamp as "time",
  this.cost as "This month",
  last.cost as "Last month",
  budget.amount as "Budget",
  cost_now + (low_cost - cost_now) * share as "Low",
  cost_now + (high_cost - cost_now) * share as "80 % band",
  cost_now + (forecast_cost - cost_now) * share as "Forecast"
from day
left join summed as this on this.cost_date = day.day
left join summed as last on last.cost_date = least(month_before + (day.day - month_start), month_start - 1)
left join lateral (
  select amount
  from mart.rpt_budget_state
  where scope = 'all costs' and period = 'month' and period_start = month_start
  order by budget collate "C"
  limit 1
) as budget on true
left join outlook on day.day >= today
left join lateral (
  select (day.day - today) / nullif(days_left, 0)::numeric as share
) as way on true
order by 1

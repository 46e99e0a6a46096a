-- Adds one day's forecasts with what the month came to, and what a flat mean and a linear fit make of
-- the same days: those of the month so far, and days before it until they are 14. Scopes of less than
-- 1% of the month's cost are left out: a percentage of next to nothing says nothing.
with bound as (
  select
    greatest(14, :'today'::date - :'month'::date) as days,
    :'month_end'::date - :'today'::date as days_left
),
actual as (
  select kind, value, sum(cost) as cost
  from scope_day
  where cost_date >= :'month'::date and cost_date < :'month_end'::date
  group by kind, value
),
-- Days count up to 0, the day before the forecast; a day without cost is one of cost 0.
fitted as (
  select
    day.kind, day.value, bound.days, bound.days_left,
    sum(day.cost) / bound.days as mean,
    sum(day.cost * (day.cost_date - (:'today'::date - 1) + (bound.days - 1) / 2.0))
      / (bound.days * (bound.days ^ 2 - 1) / 12.0) as slope
  from scope_day as day
  cross join bound
  where day.cost_date >= :'today'::date - bound.days and day.cost_date < :'today'::date
  group by day.kind, day.value, bound.days, bound.days_left
)
insert into backtest_point (
  kind, value, month, forecast_on, actual, forecast, low, high, flat, linear
)
select
  actual.kind, actual.value, :'month'::date, :'today'::date, actual.cost,
  coalesce(scope_forecast.forecast_cost, 0),
  coalesce(
    least(
      greatest(scope_forecast.forecast_cost - scope_forecast.half_width, scope_forecast.month_to_date),
      scope_forecast.forecast_cost
    ),
    0
  ),
  coalesce(scope_forecast.forecast_cost + scope_forecast.half_width, 0),
  billed.cost + coalesce(fitted.mean * fitted.days_left, 0),
  billed.cost + coalesce(
    greatest(
      (fitted.mean + fitted.slope * (fitted.days + fitted.days_left) / 2.0) * fitted.days_left, 0
    ),
    0
  )
from actual
join (select cost from actual where kind = 'total') as total on actual.cost >= 0.01 * total.cost
left join scope_forecast using (kind, value)
left join fitted using (kind, value)
cross join lateral (
  select coalesce(sum(cost), 0) as cost
  from scope_day
  where scope_day.kind = actual.kind and scope_day.value = actual.value
    and scope_day.cost_date >= :'month'::date and scope_day.cost_date < :'today'::date
) as billed

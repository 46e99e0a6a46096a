-- Adds the forecasts just made to those of other days; the last one of a UTC day stands for it.
insert into mart.forecast_history (
  month, scope_kind, scope_value, made_on, as_of, month_to_date, forecast_cost, low_cost, high_cost,
  reporting_currency, method
)
select
  month, scope_kind, scope_value, (as_of at time zone 'UTC')::date, as_of, month_to_date,
  forecast_cost, low_cost, high_cost, reporting_currency, method
from mart.forecast
where as_of = :'now'::timestamptz and method <> 'month is over'
on conflict (scope_kind, scope_value, made_on, month) do update set
  as_of = excluded.as_of,
  month_to_date = excluded.month_to_date,
  forecast_cost = excluded.forecast_cost,
  low_cost = excluded.low_cost,
  high_cost = excluded.high_cost,
  reporting_currency = excluded.reporting_currency,
  method = excluded.method

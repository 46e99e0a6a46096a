-- One row per scope, month and UTC day on which its end was forecast: the forecast and its 80% band
-- as they were made, and what the month came to (null while it runs). Reporting currency.
select
  made.scope_kind,
  made.scope_value,
  made.month,
  made.made_on,
  made.as_of,
  made.month_to_date,
  made.forecast_cost,
  made.low_cost,
  made.high_cost,
  made.reporting_currency,
  made.method,
  came.forecast_cost as actual_cost,
  round((made.forecast_cost - came.forecast_cost) / nullif(came.forecast_cost, 0), 4)
    as error_share,
  came.forecast_cost between made.low_cost and made.high_cost as is_in_band
from mart.forecast_history as made
left join mart.forecast as came
  on came.scope_kind = made.scope_kind and came.scope_value = made.scope_value
  and came.month = made.month and came.method = 'month is over'

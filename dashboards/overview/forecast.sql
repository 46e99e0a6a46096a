-- One row: what the running month will have cost, all scopes together, and the band it is in by 80 %.
select forecast_cost as "Forecast", low_cost as "Low", high_cost as "High"
from mart.forecast
where scope_kind = 'total' and month = mart.this_month()

-- One row per scope of the running UTC month: what it has cost, what it is forecast to cost with its
-- 80% band, and what the month before cost. Reporting currency.
select
  running.scope_kind,
  running.scope_value,
  running.month,
  running.as_of,
  running.month_to_date,
  running.forecast_cost,
  running.low_cost,
  running.high_cost,
  earlier.forecast_cost as month_before_cost,
  running.reporting_currency,
  running.method
from mart.forecast as running
left join mart.forecast as earlier
  on earlier.scope_kind = running.scope_kind and earlier.scope_value = running.scope_value
  and earlier.month = (running.month - interval '1 month')::date
where running.month = mart.this_month()

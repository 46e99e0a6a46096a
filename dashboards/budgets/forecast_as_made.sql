-- One row per UTC day on which a forecast was made: for which cost of its month, and what came.
select
  made_on::timestamp as "time",
  low_cost as "Low",
  high_cost as "80 % band",
  forecast_cost as "Forecast",
  actual_cost as "Came to"
from mart.rpt_forecast_history
where $__timeFilter(made_on) and scope_kind || ' ' || scope_value = ${scope:sqlstring}
order by made_on

-- One row: what the running month will have cost the chosen teams, by each team's own forecast.
select sum(forecast_cost) as value
from mart.forecast
where scope_kind = 'team' and month = mart.this_month()
  and scope_value in (${team:sqlstring})

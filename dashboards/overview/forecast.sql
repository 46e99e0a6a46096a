-- One row: what the running month will have cost, all scopes together, and what is left of the running
-- month's budget over everything (none without such a budget).
select
  forecast.forecast_cost as "Forecast",
  (
    select amount - forecast.forecast_cost
    from mart.rpt_budget_state
    where scope = 'all costs' and period = 'month' and not is_over
    order by budget collate "C"
    limit 1
  ) as "Left of budget then"
from mart.forecast
where scope_kind = 'total' and month = mart.this_month()

-- The forecast of the running month and the cost of the one before, which is over.
insert into mart.forecast (
  month, scope_kind, scope_value, as_of, month_to_date, running_to_month_end, expected_change,
  forecast_cost, low_cost, high_cost, reporting_currency, method
)
select
  :'month'::date, kind, value, :'now'::timestamptz, month_to_date, running_to_month_end,
  expected_change, forecast_cost,
  -- What is charged already is not expected to go.
  least(greatest(forecast_cost - half_width, month_to_date), forecast_cost),
  forecast_cost + half_width,
  :'reporting_currency', method
from scope_forecast
union all
select
  date_trunc('month', owned.cost_date)::date, scope.kind, scope.value, :'now'::timestamptz,
  sum(owned.cost), 0, 0, sum(owned.cost), sum(owned.cost), sum(owned.cost),
  :'reporting_currency', 'month is over'
from owned_history as owned
cross join lateral (
  values
    ('total', 'all'), ('provider', owned.provider), ('account', owned.account_id),
    ('team', owned.team), ('project', owned.project), ('environment', owned.environment),
    ('cost_centre', owned.cost_centre), ('sku', owned.sku)
) as scope (kind, value)
where owned.cost_date >= (:'month'::date - interval '1 month')::date
  and owned.cost_date < :'month'::date
group by date_trunc('month', owned.cost_date), scope.kind, scope.value

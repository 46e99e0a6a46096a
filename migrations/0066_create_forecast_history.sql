-- Forecasts as they were made, so that what came can be held against them: `mart.forecast` keeps
-- only the newest of each month.
create table mart.forecast_history (
  month date not null check (month = date_trunc('month', month::timestamp)),
  scope_kind text not null,
  scope_value text not null,
  made_on date not null,
  as_of timestamptz not null,
  month_to_date ledger.money not null,
  forecast_cost ledger.money not null,
  low_cost ledger.money not null,
  high_cost ledger.money not null,
  reporting_currency text not null,
  method text not null,
  primary key (scope_kind, scope_value, made_on, month),
  check (made_on = (as_of at time zone 'UTC')::date),
  check (low_cost <= forecast_cost and high_cost >= forecast_cost)
);
comment on table mart.forecast_history is
  'One row per UTC day on which a forecast was made, month and scope: the last one of that day.';

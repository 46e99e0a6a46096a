-- Where the month is going, per scope: replaced for the running month and the one before at each
-- refresh, so that a month that is over shows what it cost. Earlier months keep their last row.
create table mart.forecast (
  month date not null check (month = date_trunc('month', month::timestamp)),
  scope_kind text not null check (
    scope_kind in (
      'total', 'provider', 'account', 'team', 'project', 'environment', 'cost_centre', 'sku'
    )
  ),
  scope_value text not null,
  as_of timestamptz not null,
  month_to_date ledger.money not null,
  running_to_month_end ledger.money not null,
  expected_change ledger.money not null,
  forecast_cost ledger.money not null,
  low_cost ledger.money not null,
  high_cost ledger.money not null,
  reporting_currency text not null,
  method text not null check (method in ('running and churn', 'running', 'month is over')),
  primary key (month, scope_kind, scope_value),
  check (forecast_cost = month_to_date + running_to_month_end + expected_change),
  check (low_cost <= forecast_cost and high_cost >= forecast_cost)
);
comment on table mart.forecast is
  'One row per UTC month and scope: its cost at the month''s end, as expected at as_of.';
comment on column mart.forecast.month_to_date is
  'What is charged so far for the month''s days, whole epochs that have begun among it.';
comment on column mart.forecast.running_to_month_end is
  'What runs now, from where its charges end to the month''s end, at its known prices.';
comment on column mart.forecast.expected_change is
  'Arrivals and departures as they usually are; negative where more goes than comes.';
comment on column mart.forecast.low_cost is
  'low_cost to high_cost: four months of five end in this band, if the past is a guide.';
comment on column mart.forecast.method is
  '`running`: too little history to know what usually changes.';

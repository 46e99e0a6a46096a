-- One row per scope and day on which its month's end was forecast.
create temporary table backtest_point (
  kind text not null,
  value text not null,
  month date not null,
  forecast_on date not null,
  actual numeric not null,
  forecast numeric not null,
  low numeric not null,
  high numeric not null,
  flat numeric not null,
  linear numeric not null
) on commit drop

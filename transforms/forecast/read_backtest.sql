-- How far off the forecasts were, in percent of what the month came to: one row per day of the month
-- and one per kind of scope, and one for all.
with error as (
  select
    kind,
    extract(day from forecast_on)::integer as day_of_month,
    100 * abs(forecast - actual) / actual as forecast,
    100 * abs(flat - actual) / actual as flat,
    100 * abs(linear - actual) / actual as linear,
    actual between low and high as is_covered
  from backtest_point
)
select
  kind, day_of_month,
  count(*) as forecasts,
  round(avg(forecast), 1) as forecast_mean,
  round(percentile_disc(0.5) within group (order by forecast), 1) as forecast_median,
  round(percentile_disc(0.9) within group (order by forecast), 1) as forecast_p90,
  round(avg(flat), 1) as flat_mean,
  round(percentile_disc(0.5) within group (order by flat), 1) as flat_median,
  round(percentile_disc(0.9) within group (order by flat), 1) as flat_p90,
  round(avg(linear), 1) as linear_mean,
  round(percentile_disc(0.5) within group (order by linear), 1) as linear_median,
  round(percentile_disc(0.9) within group (order by linear), 1) as linear_p90,
  round(100.0 * count(*) filter (where is_covered) / count(*), 0) as covered,
  avg(forecast) < avg(flat) as beats_flat,
  avg(forecast) < avg(linear) as beats_linear
from error
group by grouping sets ((day_of_month), (kind), ())
order by day_of_month, kind

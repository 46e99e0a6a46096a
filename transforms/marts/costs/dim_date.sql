-- One row per UTC day from the first cost to the end of the year after the last.
with bounds as (
  select
    coalesce(min(cost_date), date '2024-01-01') as first_date,
    coalesce(max(cost_date), date '2024-01-01') as last_date
  from mart.fct_cost_daily
)
select
  day::date as cost_date,
  date_trunc('month', day)::date as cost_month,
  date_trunc('quarter', day)::date as cost_quarter,
  extract(isodow from day)::integer as iso_weekday,
  extract(day from date_trunc('month', day) + interval '1 month' - interval '1 day')::integer
    as days_in_month
from bounds
cross join lateral generate_series(
  bounds.first_date::timestamp,
  date_trunc('year', bounds.last_date::timestamp) + interval '2 years' - interval '1 day',
  interval '1 day'
) as day

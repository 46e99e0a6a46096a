-- One row per month that is over: the errors of the last forecasts made by the 5th, by the 15th and at all.
with made as (
  select
    month, made_on, actual_cost, error_share, is_in_band,
    extract(day from made_on) as day
  from mart.rpt_forecast_history
  where actual_cost is not null and scope_kind || ' ' || scope_value = ${scope:sqlstring}
)
select
  to_char(month, 'YYYY-MM') as month,
  max(actual_cost) as actual_cost,
  (array_agg(error_share order by made_on desc) filter (where day <= 5))[1] as error_early,
  (array_agg(error_share order by made_on desc) filter (where day <= 15))[1] as error_middle,
  (array_agg(error_share order by made_on desc))[1] as error_late,
  avg(case when is_in_band then 1 else 0 end) as share_in_band
from made
group by month
order by month desc
limit 12

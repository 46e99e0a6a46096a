-- One row per UTC day of the month: the cost of all teams in the reporting currency, corrections of
-- earlier months left out, and its height in a chart whose highest bar is 1000.
with cost as (
  select cost_date, sum(reporting_cost) as reporting_cost
  from known_owned_cost
  where statement_month = :'from' and cost_month = statement_month
  group by cost_date
),
day as (
  select generate_series(
    :'from'::date::timestamp, :'to'::date::timestamp - interval '1 day', interval '1 day'
  )::date as cost_date
)
select
  day.cost_date,
  extract(day from day.cost_date)::integer as day_number,
  to_char(round(coalesce(reporting_cost, 0), 2), 'FM999,999,999,999,990.00') as cost,
  coalesce(round(
    1000 * greatest(reporting_cost, 0) / nullif(max(greatest(reporting_cost, 0)) over (), 0)
  ), 0)::integer as height
from day
left join cost on cost.cost_date = day.cost_date
order by day.cost_date

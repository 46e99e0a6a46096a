-- One row per team and UTC day of the month: its cost in the reporting currency, corrections of
-- earlier months left out, and its height in a chart whose highest bar is 1000.
with team_day as (
  select team, cost_date, sum(reporting_cost) as reporting_cost
  from known_owned_cost as cost
  where statement_month = :'from' and cost_month = statement_month
  group by team, cost_date
),
day as (
  select generate_series(
    :'from'::date::timestamp, :'to'::date::timestamp - interval '1 day', interval '1 day'
  )::date as cost_date
)
select
  team.team,
  day.cost_date,
  extract(day from day.cost_date)::integer as day_number,
  to_char(round(coalesce(team_day.reporting_cost, 0), 2), 'FM999,999,999,999,990.00') as cost,
  coalesce(round(
    1000 * greatest(team_day.reporting_cost, 0)
      / nullif(max(greatest(team_day.reporting_cost, 0)) over (partition by team.team), 0)
  ), 0)::integer as height
from (select distinct team from chargeback_team) as team
cross join day
left join team_day on team_day.team = team.team and team_day.cost_date = day.cost_date

-- One row per step of days and team. Days first: a step is computed for few rows then.
with daily as (
  select cost_date, team, sum(cost) as cost
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, team, project, environment, provider)
  group by cost_date, team
)
select $__timeGroupAlias(cost_date, $__interval), series as metric, sum(cost) as value
from daily
join mart.rpt_team_series using (team)
group by 1, 2
order by 1, 2

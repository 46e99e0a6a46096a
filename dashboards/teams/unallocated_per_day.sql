-- One row per step of whole days: the share of the cost that belongs to no team, and that teams share.
with daily as (
  select
    cost_date,
    sum(cost) as cost,
    sum(cost) filter (where team = '(no team)') as no_team_cost,
    sum(cost) filter (where is_share) as shared_cost
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date) and cost_date < mart.today()
    and $__filtered(basis, currency, team, project, environment, provider)
  group by cost_date
)
select
  $__timeGroupAlias(cost_date, $__interval),
  sum(no_team_cost) / nullif(sum(cost), 0) as "No team",
  sum(shared_cost) / nullif(sum(cost), 0) as "Shared"
from daily
group by 1
order by 1

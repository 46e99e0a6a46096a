-- One row per team and project: its cost in the range.
with by_slice as (
  select dimension_id, sum(cost) as cost
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, team, project, environment, provider)
  group by dimension_id
)
select team || ' · ' || project as metric, sum(cost) as value
from by_slice
join mart.rpt_cost_dimension using (dimension_id)
group by team, project
having sum(cost) <> 0
order by value desc
limit 12

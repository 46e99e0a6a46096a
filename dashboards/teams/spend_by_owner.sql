-- One row per team, project and environment: its cost in the range, what of it is shared, and GPU-hours.
with by_slice as (
  select dimension_id, sum(cost) as cost, sum(gpu_hours) as gpu_hours
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, team, project, environment, provider)
  group by dimension_id
)
select
  team, project, environment, cost_centre,
  sum(cost) as cost,
  sum(cost) / nullif(sum(sum(cost)) over (), 0) as cost_share,
  sum(cost) filter (where is_share) as shared_cost,
  sum(gpu_hours) as gpu_hours
from by_slice
join mart.rpt_cost_dimension using (dimension_id)
group by team, project, environment, cost_centre
order by cost desc
limit 100

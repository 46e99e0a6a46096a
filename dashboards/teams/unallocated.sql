-- One row: the share of the cost in the range that belongs to no team, and that teams share.
with by_slice as (
  select dimension_id, sum(cost) as cost
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, team, project, environment, provider)
  group by dimension_id
)
select
  sum(cost) filter (where team = '(no team)') / nullif(sum(cost), 0) as "No team",
  sum(cost) filter (where is_share) / nullif(sum(cost), 0) as "Shared"
from by_slice
join mart.rpt_cost_dimension using (dimension_id)

-- One row: what is wasted, as a share of what the last whole UTC day makes of a month of 730 hours.
with spent as (
  select sum(cost) * 730 / 24 as cost_per_month
  from mart.rpt_cost_daily
  where $__filtered(provider, account, team, region, resource_type, sku)
    and cost_date = mart.today() - 1 and basis = 'billed' and currency = 'reporting'
),
wasted as (
  select coalesce(sum(cost_per_month), 0) as cost_per_month
  from mart.rpt_waste_finding
  where $__filtered(provider, account, team, region, resource_type, sku)
    and is_counted
)
select wasted.cost_per_month / nullif(spent.cost_per_month, 0) as value
from spent
cross join wasted

-- One row: what is wasted, as a share of what the last whole UTC day makes of a month of 730 hours.
with spent as (
  select sum(cost) * 730 / 24 as cost_per_month
  from mart.rpt_cost_daily
  where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
    and team in (${team:sqlstring}) and region in (${region:sqlstring})
    and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
    and cost_date = mart.today() - 1 and basis = 'billed' and currency = 'reporting'
),
wasted as (
  select coalesce(sum(cost_per_month), 0) as cost_per_month
  from mart.rpt_waste_finding
  where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
    and team in (${team:sqlstring}) and region in (${region:sqlstring})
    and resource_type in (${resource_type:sqlstring}) and sku in (${sku:sqlstring})
    and is_counted
)
select wasted.cost_per_month / nullif(spent.cost_per_month, 0) as value
from spent
cross join wasted

-- One row per provider, SKU and team whose cost moved most: the last 7 whole days against the 7 before.
with clock as materialized (
  select mart.today() - 7 as week_start
),
moved as (
  select
    provider, sku, team,
    coalesce(sum(cost) filter (where cost_date >= week_start), 0) as last_7_days,
    coalesce(sum(cost) filter (where cost_date < week_start), 0) as before
  from mart.rpt_cost_daily
  cross join clock
  where cost_date >= mart.today() - 14 and cost_date < mart.today()
    and $__filtered(basis, currency, provider, account, team)
  group by provider, sku, team
)
select
  provider, sku, team, last_7_days, last_7_days - before as change,
  (last_7_days - before) / nullif(before, 0) as change_share
from moved
where last_7_days <> before
order by abs(last_7_days - before) desc
limit 10

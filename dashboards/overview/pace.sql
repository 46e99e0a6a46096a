-- One row per UTC day of the last 30: what an hour of it cost (whole days), and what its month had cost by
-- its end.
with daily as (
  select cost_date, sum(cost) as cost
  from mart.rpt_cost_daily
  where cost_date >= date_trunc('month', mart.today() - 29)::date and cost_date <= mart.today()
    and $__filtered(basis, currency, provider, account, team)
  group by cost_date
),
summed as (
  select
    cost_date,
    case when cost_date < mart.today() then cost / 24 end as hour_cost,
    sum(cost) over (partition by date_trunc('month', cost_date) order by cost_date) as month_cost
  from daily
)
select cost_date::timestamp as "time", hour_cost as "Per hour", month_cost as "Month to date"
from summed
where cost_date > mart.today() - 30
order by 1

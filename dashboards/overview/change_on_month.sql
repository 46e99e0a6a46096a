-- One row: the whole days of the running month against as many days of the month before. Days first:
-- they are compared with the clock once each.
with daily as (
  select cost_date, sum(cost) as cost
  from mart.rpt_cost_daily
  where cost_date >= (mart.this_month() - interval '1 month')::date and cost_date < mart.today()
    and $__filtered(basis, currency, provider, account, team)
  group by cost_date
),
span as (
  select
    sum(cost) filter (where cost_date >= mart.this_month()) as this_month,
    sum(cost) filter (
      where cost_date < least(
        (mart.this_month() - interval '1 month')::date + (mart.today() - mart.this_month()),
        mart.this_month()
      )
    ) as last_month
  from daily
)
select this_month - last_month as "Change", this_month / nullif(last_month, 0) - 1 as "In %"
from span

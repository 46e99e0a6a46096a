-- One row: the whole days of the running month against as many days of the month before.
with span as (
  select
    sum(cost) filter (where cost_date >= mart.this_month()) as this_month,
    sum(cost) filter (
      where cost_date < (mart.this_month() - interval '1 month')::date
        + (mart.today() - mart.this_month())
    ) as last_month
  from mart.rpt_cost_daily
  where cost_date >= (mart.this_month() - interval '1 month')::date and cost_date < mart.today()
    and basis = ${basis:sqlstring} and currency = ${currency:sqlstring}
    and team in (${team:sqlstring}) and project in (${project:sqlstring})
    and environment in (${environment:sqlstring}) and provider in (${provider:sqlstring})
)
select this_month / nullif(last_month, 0) - 1 as value
from span

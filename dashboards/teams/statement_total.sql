-- One row: what the chosen teams are charged in a month, and in the month before; in the reporting currency.
with month as materialized (
  select
    mart.month_named(${statement:sqlstring}) as month_start,
    (mart.month_named(${statement:sqlstring}) - interval '1 month')::date as month_before
)
select
  sum(cost) filter (where statement_month = month_start) as "Stated",
  sum(cost) filter (where statement_month = month_before) as "Month before"
from mart.rpt_cost_daily
cross join month
where statement_month in (month_start, month_before)
  and basis = 'billed' and currency = 'reporting' and team in (${team:sqlstring})

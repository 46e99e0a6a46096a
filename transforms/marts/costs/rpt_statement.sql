-- One row per UTC month with costs: whether its statement is closed, or may still change.
select
  cost_month::date as month,
  to_char(cost_month, 'YYYY-MM') as name,
  case
    when closed.month is null then 'open'
    when closed.is_forced then 'closed, forced'
    else 'closed'
  end as state,
  closed.closed_at
from (
  select min(cost_date) as first_date, max(cost_date) as last_date from mart.cost_dimension_daily
) as cost
cross join lateral generate_series(
  date_trunc('month', first_date::timestamp), last_date::timestamp, interval '1 month'
) as cost_month
left join ledger.closed_month as closed on closed.month = cost_month::date

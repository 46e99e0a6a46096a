-- One row per closed month and billing currency: its statement, and what was learnt since.
select
  to_char(month, 'YYYY-MM') as month,
  to_char(closed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as closed_at,
  case when is_forced then 'forced' else 'in order' end as how,
  obstacles,
  stated_cost, of_earlier_cost, learnt_since_cost, billing_currency
from mart.rpt_closed_month
order by month desc, billing_currency

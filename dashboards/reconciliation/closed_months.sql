-- One row per closed month and billing currency: its statement, and what was learnt since.
select
  to_char(month, 'YYYY-MM') as "Month", closed_at as "Closed at",
  case when is_forced then 'forced' else 'in order' end as "How",
  coalesce(obstacles, '') as "Stood in the way",
  billing_currency as "Unit",
  stated_cost as "Stated", of_earlier_cost as "of that earlier months",
  learnt_since_cost as "Learnt since",
  stated_reporting_cost as "Stated, reporting", learnt_since_reporting_cost as "Learnt since, reporting"
from mart.rpt_closed_month
order by month desc, billing_currency

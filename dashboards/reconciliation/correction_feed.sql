-- One row per run, resource, month of the days and reason: what it changed, newest first.
select
  recorded_at as "Learnt at", reason as "Why",
  provider as "Provider", resource_name as "Resource", resource_id as "Resource id", team as "Team",
  case when first_date = last_date then to_char(first_date, 'YYYY-MM-DD')
    else to_char(first_date, 'YYYY-MM-DD') || ' to ' || to_char(last_date, 'MM-DD') end as "Days",
  charges as "Charges",
  old_cost as "Before", new_cost as "After", difference as "Change", billing_currency as "Unit",
  to_char(statement_month, 'YYYY-MM') as "Stated in",
  case when is_of_closed_month then 'closed' else 'open' end as "Its month"
from mart.rpt_correction
where $__timeFilter(recorded_at)
  and provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
order by recorded_at desc, is_of_closed_month desc, abs(difference) desc, resource_id
limit 200

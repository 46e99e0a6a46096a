-- One row per run, resource, month of the days and reason: what it changed, newest first.
select
  to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as learnt_at,
  reason, provider, resource_name, resource_id, team,
  case
    when first_date = last_date then to_char(first_date, 'YYYY-MM-DD')
    else to_char(first_date, 'YYYY-MM-DD') || ' to ' || to_char(last_date, 'DD')
  end as days,
  old_cost, new_cost, difference, billing_currency,
  to_char(statement_month, 'YYYY-MM') as statement_month,
  case when is_of_closed_month then 'closed' else 'open' end as month_state
from mart.rpt_correction
where $__timeFilter(recorded_at)
  and $__filtered(provider, account)
order by recorded_at desc, is_of_closed_month desc, abs(difference) desc, resource_id
limit 200

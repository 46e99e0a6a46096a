-- One row per resource, UTC day and billing currency whose GPUs are paid for or whose use is measured: whose it
-- was, paid hours and cost, and what of both was active, allocated and idle, unallocated and unknown.
select
  daily.account_id, daily.resource_id, daily.usage_date, daily.billing_currency, daily.provider,
  coalesce(owned.resource_name, daily.resource_id) as resource_name,
  owned.gpu_model,
  coalesce(owned.team, '(no team)') as team,
  daily.hours_unit, daily.paid_hours, daily.active_hours, daily.allocated_idle_hours,
  daily.unallocated_hours, daily.unknown_hours,
  daily.billed_cost, daily.active_cost, daily.allocated_idle_cost, daily.unallocated_cost,
  daily.unknown_cost,
  daily.reporting_cost, daily.active_reporting_cost, daily.allocated_idle_reporting_cost,
  daily.unallocated_reporting_cost, daily.unknown_reporting_cost
from mart.fct_utilisation_daily as daily
left join mart.resource_ownership as owned
  on owned.account_id = daily.account_id and owned.resource_id = daily.resource_id
  and daily.usage_date >= owned.from_date and daily.usage_date < owned.to_date

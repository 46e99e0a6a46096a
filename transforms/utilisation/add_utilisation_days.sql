-- What the changed days say now, where it is new or another.
insert into mart.fct_utilisation_daily as stored (
  account_id, resource_id, usage_date, billing_currency, provider, hours_unit, paid_hours,
  active_hours, allocated_idle_hours, unallocated_hours, unknown_hours, billed_cost, active_cost,
  allocated_idle_cost, unallocated_cost, unknown_cost, reporting_cost, active_reporting_cost,
  allocated_idle_reporting_cost, unallocated_reporting_cost, unknown_reporting_cost
)
select
  account_id, resource_id, usage_date, billing_currency, provider, hours_unit, paid_hours,
  active_hours, allocated_idle_hours, unallocated_hours, unknown_hours, billed_cost, active_cost,
  allocated_idle_cost, unallocated_cost, unknown_cost, reporting_cost, active_reporting_cost,
  allocated_idle_reporting_cost, unallocated_reporting_cost, unknown_reporting_cost
from utilisation_day
on conflict (account_id, resource_id, usage_date, billing_currency) do update set
  provider = excluded.provider,
  hours_unit = excluded.hours_unit,
  paid_hours = excluded.paid_hours,
  active_hours = excluded.active_hours,
  allocated_idle_hours = excluded.allocated_idle_hours,
  unallocated_hours = excluded.unallocated_hours,
  unknown_hours = excluded.unknown_hours,
  billed_cost = excluded.billed_cost,
  active_cost = excluded.active_cost,
  allocated_idle_cost = excluded.allocated_idle_cost,
  unallocated_cost = excluded.unallocated_cost,
  unknown_cost = excluded.unknown_cost,
  reporting_cost = excluded.reporting_cost,
  active_reporting_cost = excluded.active_reporting_cost,
  allocated_idle_reporting_cost = excluded.allocated_idle_reporting_cost,
  unallocated_reporting_cost = excluded.unallocated_reporting_cost,
  unknown_reporting_cost = excluded.unknown_reporting_cost
where stored is distinct from excluded

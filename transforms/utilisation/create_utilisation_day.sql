-- One row per resource, changed UTC day and billing currency whose GPUs are paid for or whose use is measured:
-- paid hours and cost, split by the shares of the seconds that it ran. Each part is the difference of two
-- rounded sums, so that the parts add up to the last unit.
create temporary table utilisation_day on commit drop as
with share as (
  select account_id, resource_id, usage_date,
    sum(seconds * active) / sum(seconds) as upto_active,
    sum(seconds * (active + allocated_idle)) / sum(seconds) as upto_allocated,
    sum(seconds * (active + allocated_idle + unallocated)) / sum(seconds) as upto_known
  from resource_hour
  group by account_id, resource_id, usage_date
),
paid as (
  select account_id, resource_id, cost_date as usage_date, billing_currency, min(provider collate "C") as provider,
    sum(gpu_hours) as gpu_hours,
    -- A VM's storage is billed beside it, for the same hours.
    sum(case when meter = 'vm-storage-hours' then 0 else usage_hours end) as resource_hours,
    sum(billed_cost) as billed_cost,
    sum(reporting_cost) as reporting_cost
  from mart.fct_cost_daily
  where cost_date in (select usage_date from changed_day)
  group by account_id, resource_id, cost_date, billing_currency
),
whole as (
  select paid.account_id, paid.resource_id, paid.usage_date, paid.billing_currency, paid.provider,
    case when gpu_hours = 0 then 'Hours' else 'GPU-Hours' end as hours_unit,
    case when gpu_hours = 0 then resource_hours else gpu_hours end as paid_hours,
    billed_cost, reporting_cost,
    coalesce(upto_active, 0) as upto_active,
    coalesce(upto_allocated, 0) as upto_allocated,
    coalesce(upto_known, 0) as upto_known
  from paid
  left join share using (account_id, resource_id, usage_date)
  where gpu_hours <> 0 or share.account_id is not null
)
select account_id, resource_id, usage_date, billing_currency, provider, hours_unit,
  paid_hours,
  mart.share_of(paid_hours, 0, upto_active) as active_hours,
  mart.share_of(paid_hours, upto_active, upto_allocated) as allocated_idle_hours,
  mart.share_of(paid_hours, upto_allocated, upto_known) as unallocated_hours,
  mart.share_of(paid_hours, upto_known, 1) as unknown_hours,
  billed_cost,
  mart.share_of(billed_cost, 0, upto_active) as active_cost,
  mart.share_of(billed_cost, upto_active, upto_allocated) as allocated_idle_cost,
  mart.share_of(billed_cost, upto_allocated, upto_known) as unallocated_cost,
  mart.share_of(billed_cost, upto_known, 1) as unknown_cost,
  reporting_cost,
  mart.share_of(reporting_cost, 0, upto_active) as active_reporting_cost,
  mart.share_of(reporting_cost, upto_active, upto_allocated) as allocated_idle_reporting_cost,
  mart.share_of(reporting_cost, upto_allocated, upto_known) as unallocated_reporting_cost,
  mart.share_of(reporting_cost, upto_known, 1) as unknown_reporting_cost
from whole

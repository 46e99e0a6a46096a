-- One row per UTC day, statement month and slice of costs, in words that a reader can choose by.
select
  daily.cost_date,
  daily.statement_month,
  slice.slice_id,
  slice.provider,
  slice.account_id,
  coalesce(slice.service_name, '(none)') as service_name,
  coalesce(slice.resource_type, '(none)') as resource_type,
  coalesce(slice.sku, '(none)') as sku,
  coalesce(slice.region_name, slice.region_id, '(none)') as region,
  coalesce(slice.gpu_model, '(none)') as gpu_model,
  slice.meter,
  coalesce(slice.team, '(no team)') as team,
  case when slice.is_share then '(shared)' else coalesce(slice.project, '(none)') end as project,
  case when slice.is_share then '(shared)' else coalesce(slice.environment, '(none)') end
    as environment,
  coalesce(slice.cost_centre, '(none)') as cost_centre,
  slice.dimensions,
  coalesce(slice.allocation_rule, 'none') as allocation_rule,
  slice.is_share,
  slice.billing_currency,
  daily.usage_hours,
  daily.gpu_hours,
  daily.list_cost,
  daily.billed_cost,
  daily.effective_cost,
  daily.reporting_cost,
  daily.accrued_cost as billed_accrued_cost,
  daily.uncertainty as billed_uncertainty,
  daily.exchange_rate
from mart.cost_slice_daily as daily
join mart.cost_slice as slice using (slice_id)

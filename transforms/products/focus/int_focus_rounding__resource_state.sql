-- One row per rest of rounding, as something that money is posted for.
select
  account_id,
  resource_id,
  billing_period_date::timestamp at time zone 'UTC' as valid_from,
  null::timestamptz as valid_to,
  provider,
  'Rounding' as service_name,
  'Billing Adjustment' as resource_type,
  format('Rounding of %s, %s', provider_name, billing_period_date) as name,
  'ended' as status,
  null::text as sku,
  null::text as region_id,
  null::text as region_name,
  '{}'::text[] as tags,
  null::text as gpu_model,
  0 as gpu_count,
  null::numeric as vcpu_count,
  null::numeric as memory_gib,
  null::timestamptz as started_at,
  null::timestamptz as ended_at,
  source_versions[1] as source_version
from intermediate.int_focus_rounding__amount

-- One row per credit note, as something that money is credited for. It begins on the first day that
-- it takes something off, and ends when it was issued.
select
  account_id,
  resource_id,
  least(min(credit_date)::timestamp at time zone 'UTC', min(created_at)) as valid_from,
  null::timestamptz as valid_to,
  provider,
  case provider when 'i3d-flexvm' then 'FlexVM' else 'FlexMetal' end as service_name,
  'Billing Adjustment' as resource_type,
  'Credit note ' || name as name,
  'ended' as status,
  null::text as sku,
  null::text as region_id,
  null::text as region_name,
  '{}'::text[] as tags,
  null::text as gpu_model,
  0 as gpu_count,
  null::numeric as vcpu_count,
  null::numeric as memory_gib,
  least(min(credit_date)::timestamp at time zone 'UTC', min(created_at)) as started_at,
  greatest(min(credit_date)::timestamp at time zone 'UTC', min(created_at)) as ended_at,
  max(source_version) as source_version
from intermediate.int_i3d_credit__note
group by account_id, resource_id, provider, name

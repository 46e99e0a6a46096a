-- One row per version of a virtual machine's record (an observation of its counters): money from
-- micro-USDC, sizes from MiB. Instants come as `+002025-04-01T16:50:57.000000000Z`, which
-- PostgreSQL cannot read: the sign and the zeros before the year go, and what is finer than a
-- microsecond (from the 27th character on). One plain select without `with`, which PostgreSQL can
-- look through from the views upon it.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.record_key as resource_id,

  -- Everything below that describes the machine, unread: cheap to compare.
  jsonb_build_array(
    version.payload -> 'vmName', version.payload -> 'resources', version.payload -> 'datacenter'
  ) as description,
  version.payload ->> 'vmName' as name,
  resource.vcpu_count || 'vcpu-'
    || resource.memory_gib || 'gib-'
    || resource.storage_gib || 'gib'
    || case when resource.gpu_count > 0 then '-' || resource.gpu_count || 'gpu' else '' end as sku,
  lower(version.payload #>> '{datacenter,countryCode}') || '-'
    || lower(version.payload #>> '{datacenter,cityCode}') || '-'
    || (version.payload #>> '{datacenter,cityIndex}') as region_id,
  (version.payload #>> '{datacenter,cityCode}') || ', '
    || (version.payload #>> '{datacenter,countryCode}') as region_name,
  resource.gpu_model,

  resource.vcpu_count,
  resource.memory_gib,
  resource.storage_gib,
  resource.gpu_count,
  (version.payload ->> 'pricePerEpoch')::numeric * 0.000001 as price_per_epoch,
  (version.payload ->> 'totalSpent')::numeric * 0.000001 as total_spent,
  (version.payload ->> 'reservedBalance')::numeric * 0.000001 as reserved_balance,
  'USDC' as currency,

  (left(rtrim(ltrim(version.payload ->> 'createdAt', '+0'), 'Z'), 26) || 'Z')::timestamptz
    as created_at,
  (left(rtrim(ltrim(version.payload ->> 'nextBillingAt', '+0'), 'Z'), 26) || 'Z')::timestamptz
    as next_billing_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
left join lateral (
  select
    trim_scale(sum(quantity) filter (where type = 'VCPU')) as vcpu_count,
    trim_scale(sum(quantity) filter (where type = 'RAM') / 1024) as memory_gib,
    trim_scale(sum(quantity) filter (where type = 'STORAGE') / 1024) as storage_gib,
    coalesce(sum(quantity) filter (where type = 'GPU'), 0)::integer as gpu_count,
    max(model) filter (where type = 'GPU') as gpu_model
  from (
    select
      element ->> 'type' as type,
      (element ->> 'quantity')::numeric as quantity,
      coalesce(element #>> '{metadata,model}', element #>> '{details,model}') as model
    from jsonb_array_elements(
      case jsonb_typeof(version.payload -> 'resources')
        when 'array' then version.payload -> 'resources'
      end
    ) as element
  ) as listed
) as resource on true
where version.entity = 'fluence.vm'

-- One row per owner's part of a charge (focus_charge_owner) and role: a charge under a commitment has two,
-- the purchase of the committed hours (billed cost) and their use (effective cost), as FOCUS wants it. With
-- the resource as it was described on the day, and the prices.
with resource_known as (
  select
    account_id, resource_id, valid_from, service_name, resource_type, name, sku, region_id,
    region_name, tags, gpu_model, gpu_count, vcpu_count, memory_gib
  from mart.rpt_resource_version
  where recorded_at <= :'known_at' and (superseded_at is null or superseded_at > :'known_at')
),
part as (
  select
    charge.*,
    role.role,
    case when role = 'purchase' then commitment_id else resource_id end as subject_id,
    case when role = 'purchase' then 'Purchase' else charge_category end as category,
    charge_category = 'Usage' as is_priced,
    commitment_id is not null and charge_category = 'Usage' as is_committed
  from focus_charge_owner as charge
  cross join lateral unnest(
    case
      when commitment_id is not null and charge_category = 'Usage' then array['purchase', 'use']
      else array['whole']
    end
  ) as role (role)
),
described as (
  select
    part.*,
    resource.service_name, resource.resource_type, resource.name as resource_name,
    resource.region_name, resource.tags, resource.gpu_model, resource.gpu_count,
    resource.vcpu_count, resource.memory_gib,
    coalesce(part.sku, resource.sku, part.meter) as known_sku,
    coalesce(part.region_id, resource.region_id) as known_region_id,
    coalesce(resource.resource_type not in ('Billing Adjustment', 'Discount'), true) as is_resource,
    coalesce(product.issuer_name, part.provider) as provider_label,
    product.charge_frequency
  from part
  left join lateral (
    select candidate.*
    from resource_known as candidate
    where candidate.account_id = part.account_id and candidate.resource_id = part.subject_id
    order by
      candidate.valid_from < ((part.charge_date + 1)::timestamp at time zone 'UTC') desc,
      case
        when candidate.valid_from < ((part.charge_date + 1)::timestamp at time zone 'UTC')
          then candidate.valid_from
      end desc,
      candidate.valid_from
    limit 1
  ) as resource on true
  left join mart.dim_product as product using (provider)
)
select
  described.*,
  rate.rate_id,
  case
    when rate.list_unit_price is null then focus_price
    when is_iso then rate.list_unit_price::numeric
    else round(rate.list_unit_price::numeric * exchange_rate, 15)
  end as focus_list_price,
  case
    when not is_priced then null
    when rate.list_unit_price is not null then 'rate card'
    when price_source like 'rate:%' then 'contract'
    else 'provider'
  end as list_price_source,
  -- A price that no rate card names has no name but its amount.
  case
    when not is_priced then null
    when rate.rate_id is null then left(encode(sha256(convert_to(concat_ws(
      '|', described.provider, known_sku, known_region_id, meter, role, pricing_category,
      commitment_id, billing_currency, described.unit, trim_scale(described.unit_price)
    ), 'UTF8')), 'hex'), 32)
    when role = 'purchase' then rate.purchase_price_id
    else rate.use_price_id
  end as sku_price_id
from described
left join focus_rate as rate on price_source = 'rate:' || rate.rate_id

-- One row per version of a charge: a row of a FOCUS Cost and Usage file. Instants without a zone are UTC, a
-- charge without a length is a second long, and a cost that the file leaves out is the next one it states.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.payload ->> 'x_MeterhouseResource' as resource_id,
  version.payload ->> 'SkuId' as sku_id,
  version.payload ->> 'RegionId' as region_id,
  version.payload ->> 'InvoiceId' as invoice_id,
  version.payload ->> 'CommitmentDiscountId' as commitment_id,

  'focus-' || btrim(lower(regexp_replace(seller.name, '[^A-Za-z0-9]+', '-', 'g')), '-') as provider,
  version.payload ->> 'ServiceName' as service_name,
  version.payload ->> 'ResourceName' as resource_name,
  case when version.payload ? 'ResourceId'
    then coalesce(version.payload ->> 'ResourceType', 'Other') else 'Billing Adjustment'
  end as resource_type,
  version.payload ->> 'RegionName' as region_name,
  initcap(version.payload ->> 'ChargeCategory') as charge_category,
  version.payload ->> 'ChargeClass' as charge_class,
  version.payload ->> 'ChargeDescription' as description,
  initcap(version.payload ->> 'ChargeFrequency') as charge_frequency,
  initcap(version.payload ->> 'PricingCategory') as pricing_category,
  initcap(version.payload ->> 'CommitmentDiscountStatus') as commitment_status,
  version.payload ->> 'SkuMeter' as sku_meter,
  coalesce(version.payload ->> 'PricingUnit', version.payload ->> 'ConsumedUnit') as unit,
  upper(version.payload ->> 'BillingCurrency') as billing_currency,
  (version.payload ->> 'Tags')::jsonb as tags,
  version.payload ? 'x_Team' as has_owner,
  nullif(version.payload ->> 'x_Team', '(no team)') as team,
  version.payload ->> 'x_Project' as project,
  version.payload ->> 'x_Environment' as environment,

  coalesce(version.payload ->> 'PricingQuantity', version.payload ->> 'ConsumedQuantity')::numeric
    as quantity,
  coalesce(version.payload ->> 'ContractedUnitPrice', version.payload ->> 'ListUnitPrice')::numeric
    as unit_price,
  (version.payload ->> 'BilledCost')::numeric as billed_cost,
  coalesce(version.payload ->> 'EffectiveCost', version.payload ->> 'BilledCost')::numeric
    as effective_cost,
  coalesce(version.payload ->> 'ContractedCost', version.payload ->> 'BilledCost')::numeric
    as contracted_cost,
  coalesce(
    version.payload ->> 'ListCost', version.payload ->> 'ContractedCost',
    version.payload ->> 'BilledCost'
  )::numeric as list_cost,

  span.starts_at,
  greatest(span.ends_at, span.starts_at + interval '1 second') as ends_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
cross join lateral (
  select
    version.payload ->> 'ChargePeriodStart' as starts_text,
    version.payload ->> 'ChargePeriodEnd' as ends_text
) as written
cross join lateral (
  select
    case
      when written.starts_text ~ ':\d\d.*(Z|UTC|[+-]\d\d(:?\d\d)?)$' then written.starts_text
      else written.starts_text || ' UTC'
    end::timestamptz as starts_at,
    case
      when written.ends_text ~ ':\d\d.*(Z|UTC|[+-]\d\d(:?\d\d)?)$' then written.ends_text
      else written.ends_text || ' UTC'
    end::timestamptz as ends_at
) as span
cross join lateral (
  select coalesce(
    version.payload ->> 'ServiceProviderName', version.payload ->> 'ProviderName',
    version.payload ->> 'InvoiceIssuerName', version.payload ->> 'PublisherName', 'unnamed'
  ) as name
) as seller
where version.entity = 'focus.charge' and version.payload ? 'x_MeterhouseResource'

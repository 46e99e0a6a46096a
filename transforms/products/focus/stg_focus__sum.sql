-- One row per version of a sum: of the rows that a delivery has of a billing period, seller, service and
-- currency. `rounded_…`: the same with each row rounded to the nine digits of the ledger.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,
  version.payload ->> 'x_MeterhouseResource' as resource_id,

  'focus-' || btrim(lower(regexp_replace(
    coalesce(version.payload ->> 'provider_name', 'unnamed'), '[^A-Za-z0-9]+', '-', 'g'
  )), '-') as provider,
  coalesce(version.payload ->> 'provider_name', 'unnamed') as provider_name,
  version.payload ->> 'issuer_name' as issuer_name,
  version.payload ->> 'service_name' as service_name,
  version.payload ->> 'service_category' as service_category,
  version.payload ->> 'service_subcategory' as service_subcategory,
  version.payload ->> 'billing_currency' as billing_currency,

  (version.payload ->> 'rows')::bigint as rows,
  (version.payload ->> 'billed_cost')::numeric as billed_cost,
  (version.payload ->> 'effective_cost')::numeric as effective_cost,
  (version.payload ->> 'contracted_cost')::numeric as contracted_cost,
  (version.payload ->> 'list_cost')::numeric as list_cost,
  (version.payload ->> 'rounded_billed_cost')::numeric as rounded_billed_cost,
  (version.payload ->> 'rounded_effective_cost')::numeric as rounded_effective_cost,
  (version.payload ->> 'rounded_contracted_cost')::numeric as rounded_contracted_cost,
  (version.payload ->> 'rounded_list_cost')::numeric as rounded_list_cost,

  (version.payload ->> 'billing_period')::date as billing_period_date,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'focus.sum' and version.payload ? 'x_MeterhouseResource'

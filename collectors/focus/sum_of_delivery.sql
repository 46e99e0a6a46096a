-- One row per billing period, seller, service and currency of the rows that a delivery has: their costs to
-- the last digit, and each rounded to the nine digits of the ledger.
with priced as (
  select
    left(record_key, 10) as billing_period,
    coalesce(
      payload ->> 'ServiceProviderName', payload ->> 'ProviderName', payload ->> 'InvoiceIssuerName',
      payload ->> 'PublisherName'
    ) as provider_name,
    payload ->> 'InvoiceIssuerName' as issuer_name,
    payload ->> 'ServiceName' as service_name,
    payload ->> 'ServiceCategory' as service_category,
    payload ->> 'ServiceSubcategory' as service_subcategory,
    upper(payload ->> 'BillingCurrency') as billing_currency,
    (payload ->> 'BilledCost')::numeric as billed_cost,
    (payload ->> 'EffectiveCost')::numeric as effective_cost,
    (payload ->> 'ContractedCost')::numeric as contracted_cost,
    (payload ->> 'ListCost')::numeric as list_cost
  from pg_temp.incoming
  where entity = :'row_entity' and reason is null
),
summed as (
  select
    billing_period, provider_name, issuer_name, service_name, service_category, service_subcategory,
    billing_currency,
    count(*) as rows,
    sum(billed_cost) as billed_cost,
    sum(coalesce(effective_cost, billed_cost)) as effective_cost,
    sum(coalesce(contracted_cost, billed_cost)) as contracted_cost,
    sum(coalesce(list_cost, contracted_cost, billed_cost)) as list_cost,
    sum(round(billed_cost, 9)) as rounded_billed_cost,
    sum(round(coalesce(effective_cost, billed_cost), 9)) as rounded_effective_cost,
    sum(round(coalesce(contracted_cost, billed_cost), 9)) as rounded_contracted_cost,
    sum(round(coalesce(list_cost, contracted_cost, billed_cost), 9)) as rounded_list_cost
  from priced
  group by
    billing_period, provider_name, issuer_name, service_name, service_category, service_subcategory,
    billing_currency
)
select
  billing_period || '/' || left(encode(sha256(convert_to(jsonb_build_array(
    provider_name, issuer_name, service_name, service_category, service_subcategory, billing_currency
  )::text, 'UTF8')), 'hex'), 40) as record_key,
  jsonb_strip_nulls(jsonb_build_object(
    'x_MeterhouseResource', concat_ws(
      '/', 'rounding', :'slice'::text, billing_period, left(provider_name, 100), billing_currency
    ),
    'billing_period', billing_period,
    'provider_name', provider_name,
    'issuer_name', issuer_name,
    'service_name', service_name,
    'service_category', service_category,
    'service_subcategory', service_subcategory,
    'billing_currency', billing_currency,
    'rows', rows,
    'billed_cost', billed_cost::text,
    'effective_cost', effective_cost::text,
    'contracted_cost', contracted_cost::text,
    'list_cost', list_cost::text,
    'rounded_billed_cost', rounded_billed_cost::text,
    'rounded_effective_cost', rounded_effective_cost::text,
    'rounded_contracted_cost', rounded_contracted_cost::text,
    'rounded_list_cost', rounded_list_cost::text
  )) as payload
from summed

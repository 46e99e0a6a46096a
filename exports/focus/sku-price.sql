-- One row per price that holds in some part of the month and its kind (list, agreed, contracted, base): of
-- the rate cards, of the markets that providers publish, and as a provider charged it (observed: from
-- the first to the last charge of the month's statement). Of several accounts that see a market the first
-- speaks for it. Prices in a settlement asset without a rate to the reporting currency are left out.
with rate_state as (
  select
    rate.*,
    loaded_at <= :'known_at' and (superseded_at is null or superseded_at > :'known_at')
      and valid_from < :'to'::timestamp at time zone 'UTC'
      and (valid_to is null or valid_to > :'from'::timestamp at time zone 'UTC') as is_in_force
  from focus_rate as rate
),
-- What corrects an earlier month can be at a rate that holds no more.
held_rate as (
  select *
  from rate_state
  where is_in_force or (
    rate_id in (select rate_id from focus_charge_part where rate_id is not null)
    and use_price_id not in (select use_price_id from rate_state where is_in_force)
  )
),
of_rate as (
  select
    rate.provider, kind.price_id, kind.category, kind.price_type, rate.sku, rate.region as region_id,
    rate.unit, rate.currency, nullif(rate.contract_id, '') as contract_id, kind.amount,
    rate.valid_from as starts_at, rate.valid_to as ends_at, rate.loaded_at as created_at,
    rate.loaded_at as updated_at, 'rate card' as source, null::text as service_name,
    null::text as offer,
    case when rate.account_id is not null then array[rate.account_id] end as accounts
  from held_rate as rate
  cross join lateral (
    values
      ('Usage', use_price_id, case when contract_id = '' then 'List' else 'Base' end,
        case when contract_id = '' then coalesce(list_unit_price, unit_price) else list_unit_price end),
      ('Usage', use_price_id, case when contract_id = '' then 'Agreed' else 'Contracted' end,
        case when contract_id <> '' or list_unit_price is not null then unit_price end),
      ('Purchase', purchase_price_id, 'Base', case when contract_id <> '' then list_unit_price end),
      ('Purchase', purchase_price_id, 'Contracted', case when contract_id <> '' then unit_price end)
  ) as kind (category, price_id, price_type, amount)
  where kind.amount is not null
),
of_market as (
  select
    provider,
    left(encode(sha256(convert_to(
      concat_ws('|', 'market', provider, market, offer, region_id), 'UTF8'
    )), 'hex'), 32) as price_id,
    'Usage' as category, 'List' as price_type, coalesce(sku, offer) as sku,
    nullif(region_id, '') as region_id, 'Hours' as unit, billing_currency as currency,
    null::text as contract_id, price_per_hour as amount, valid_from as starts_at,
    valid_to as ends_at, valid_from as created_at, valid_from as updated_at, 'market' as source,
    null::text as service_name, offer, null::text[] as accounts
  from (
    select price.*, min(account_id collate "C") over (partition by provider, market) as speaker
    from mart.rpt_market_price_version as price
    where valid_from <= :'known_at' and price_per_hour is not null
      and valid_from < :'to'::timestamp at time zone 'UTC'
      and (valid_to is null or valid_to > :'from'::timestamp at time zone 'UTC')
  ) as seen
  where account_id = speaker
),
observed as (
  select
    provider, sku_price_id as price_id, category, 'List' as price_type, known_sku as sku,
    known_region_id as region_id, unit, billing_currency as currency, null::text as contract_id,
    unit_price as amount, min(charge_period_start) as starts_at, max(charge_period_end) as ends_at,
    min(recorded_at) as created_at, max(recorded_at) as updated_at, 'observed' as source,
    min(service_name collate "C") as service_name, null::text as offer,
    array_agg(distinct account_id collate "C") as accounts
  from focus_charge_part
  where is_priced and rate_id is null and unit_price is not null
  group by 1, 2, 3, 5, 6, 7, 8, 10
),
price as (
  select * from of_rate
  union all
  select * from of_market
  union all
  select * from observed
),
-- No two of a kind hold at once: the later begun goes on alone.
timed as (
  select
    lone.*,
    least(ends_at, lead(starts_at) over (
      partition by price_id, category, price_type, contract_id, currency order by starts_at
    )) as until_at
  from (
    select distinct on (price_id, category, price_type, contract_id, currency, from_second) price.*
    from price
    cross join lateral (select date_trunc('second', starts_at) as from_second) as cut
    order by price_id, category, price_type, contract_id, currency, from_second, amount, created_at
  ) as lone
),
valued as (
  select
    timed.*,
    case when is_iso then currency else :'reporting_currency' end as pricing_currency,
    case when is_iso then 1 else settlement.rate end as rate,
    is_iso
  from timed
  cross join lateral (
    select currency = any(string_to_array(:'iso_currencies', ' ')) as is_iso
  ) as kind
  left join lateral (
    select exchange.rate
    from mart.rpt_exchange_rate_version as exchange
    where not is_iso and exchange.base_currency = currency
      and exchange.quote_currency = :'reporting_currency'
      and exchange.valid_from <= (starts_at at time zone 'UTC')::date
      and exchange.loaded_at <= :'known_at'
      and (exchange.superseded_at is null or exchange.superseded_at > :'known_at')
    order by exchange.valid_from desc
    limit 1
  ) as settlement on true
  where until_at is null or date_trunc('second', until_at) > date_trunc('second', starts_at)
),
service as (
  select provider, min(service_name collate "C") as service_name
  from mart.dim_service
  group by provider
  having count(*) = 1
)
select
  category as "ChargeCategory",
  case
    when category = 'Purchase' then jsonb_build_object(
      'Coverage', jsonb_build_object('Factor', 1),
      'InclusionOperator', 'And',
      'Inclusions', jsonb_build_array(
        jsonb_build_object('Dimension', 'SkuId', 'Operator', 'In', 'Values', jsonb_build_array(sku)),
        jsonb_build_object(
          'Dimension', 'RegionId', 'Operator', 'In', 'Values', jsonb_build_array(region_id)
        )
      )
    )
  end as "CommitmentApplicability",
  case when category = 'Purchase' then 'Usage' end as "CommitmentDiscountCategory",
  contract_id as "ContractId",
  pricing_currency as "PricingCurrency",
  'Payable' as "PricingCurrencyCategory",
  region_id as "PricingRegionId",
  coalesce(valued.service_name, service.service_name, product.title, valued.provider)
    as "PricingServiceName",
  unit as "PricingUnit",
  null::text as "PurchaseDurationType",
  case when category = 'Purchase' then 'No Upfront' end as "PurchasePaymentModel",
  coalesce(product.issuer_name, valued.provider) as "ServiceProviderName",
  sku as "SkuId",
  created_at as "SkuPriceCreated",
  concat_ws(
    ', ', sku, region_id, format('%s price per %s', lower(price_type), unit),
    'contract ' || contract_id, case when category = 'Purchase' then 'committed' end
  ) as "SkuPriceDescription",
  date_trunc('second', until_at) as "SkuPriceEffectiveEnd",
  nullif(date_trunc('second', starts_at), '-infinity') as "SkuPriceEffectiveStart",
  case
    when accounts is null then jsonb_build_object('IsGlobalScope', true)
    else jsonb_build_object(
      'InclusionOperator', 'And',
      'Inclusions', jsonb_build_array(jsonb_build_object(
        'Dimension', 'BillingAccountId', 'Operator', 'In', 'Values', to_jsonb(accounts)
      ))
    )
  end as "SkuPriceEligibility",
  price_id as "SkuPriceId",
  updated_at as "SkuPriceLastUpdated",
  round(amount * rate, 15) as "UnitPrice",
  price_type as "UnitPriceType",
  source as "x_PriceSource",
  offer as "x_MarketOffer",
  case when not is_iso then currency end as "x_SettlementAsset",
  case when not is_iso then amount end as "x_SettlementUnitPrice",
  case when not is_iso then rate end as "x_SettlementRateToBilling"
from valued
left join mart.dim_product as product using (provider)
left join service on service.provider = valued.provider
where rate is not null
order by
  valued.provider collate "C", sku collate "C", region_id collate "C" nulls first,
  price_id collate "C", price_type collate "C", contract_id collate "C" nulls first,
  pricing_currency collate "C", starts_at

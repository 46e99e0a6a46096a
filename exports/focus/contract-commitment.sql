-- One row per committed pool of capacity and row of the contracts file that holds in the month. What
-- no file tells (payment, offer, benefit) is as the provider's documents describe committed capacity;
-- the metadata names those columns.
with pool as (
  select distinct account_id, provider, resource_id
  from mart.dim_resource
  where resource_type = 'Committed Capacity'
),
contract as (
  select
    contract.*,
    concat_ws('/', contract.contract_id, contract.region, contract.sku) as commitment_id,
    min(contract.starts_at) over (partition by contract.provider, contract.contract_id)
      as contract_starts_at,
    max(contract.ends_at) over (partition by contract.provider, contract.contract_id)
      as contract_ends_at
  from mart.rpt_contract_version as contract
  where contract.loaded_at <= :'known_at'
    and (contract.superseded_at is null or contract.superseded_at > :'known_at')
),
commitment as (
  select
    contract.*,
    pool.account_id as pool_account_id,
    coalesce(product.issuer_name, contract.provider) as provider_label,
    greatest(1, round(
      extract(epoch from contract.ends_at - contract.starts_at) / (86400 * 30.4375)
    ))::integer as months,
    price.currency
  from contract
  join pool
    on pool.provider = contract.provider and pool.resource_id = contract.commitment_id
    and (contract.account_id is null or contract.account_id = pool.account_id)
  left join mart.dim_product as product on product.provider = contract.provider
  left join lateral (
    select rate.currency
    from mart.rpt_rate_version as rate
    where rate.provider = contract.provider and rate.sku = contract.sku
      and rate.region = contract.region and rate.contract_id = contract.contract_id
      and rate.loaded_at <= :'known_at'
      and (rate.superseded_at is null or rate.superseded_at > :'known_at')
    order by rate.valid_from desc
    limit 1
  ) as price on true
  where contract.starts_at < :'to'::timestamp at time zone 'UTC'
    and contract.ends_at > :'from'::timestamp at time zone 'UTC'
)
select
  currency as "BillingCurrency",
  jsonb_build_object(
    'InclusionOperator', 'And',
    'Inclusions', jsonb_build_array(
      jsonb_build_object('Dimension', 'SkuId', 'Operator', 'In', 'Values', jsonb_build_array(sku)),
      jsonb_build_object(
        'Dimension', 'RegionId', 'Operator', 'In', 'Values', jsonb_build_array(region)
      )
    )
  ) as "ContractCommitmentApplicability",
  'Availability' as "ContractCommitmentBenefitCategory",
  'Usage' as "ContractCommitmentCategory",
  null::numeric as "ContractCommitmentCost",
  loaded_at as "ContractCommitmentCreated",
  format('%s × %s in %s', capacity, sku, region) as "ContractCommitmentDescription",
  null::numeric as "ContractCommitmentDiscountPercentage",
  format('%s %s', months, case when months = 1 then 'Month' else 'Months' end)
    as "ContractCommitmentDurationType",
  'Hourly' as "ContractCommitmentFulfillmentInterval",
  commitment_id as "ContractCommitmentId",
  loaded_at as "ContractCommitmentLastUpdated",
  case
    when ends_at <= :'to'::timestamp at time zone 'UTC' then 'Expired'
    else 'Active'
  end as "ContractCommitmentLifecycleStatus",
  'Continuous' as "ContractCommitmentModel",
  'Negotiated' as "ContractCommitmentOfferCategory",
  'Monthly' as "ContractCommitmentPaymentInterval",
  'No Upfront' as "ContractCommitmentPaymentModel",
  ends_at as "ContractCommitmentPeriodEnd",
  starts_at as "ContractCommitmentPeriodStart",
  capacity::numeric as "ContractCommitmentQuantity",
  'Committed Capacity' as "ContractCommitmentType",
  'Server-Hours' as "ContractCommitmentUnit",
  contract_id as "ContractId",
  contract_ends_at as "ContractPeriodEnd",
  contract_starts_at as "ContractPeriodStart",
  provider_label as "InvoiceIssuerName",
  provider_label as "ServiceProviderName"
from commitment
order by pool_account_id, commitment_id collate "C", starts_at

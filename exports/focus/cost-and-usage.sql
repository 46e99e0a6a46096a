-- One row per part of a charge (focus_charge_part), in the columns of the standard and ours (x_…).
with invoiced as (
  select distinct account_id, currency
  from focus_invoice_line
  where statement_month = :'from'::date and not is_credit_note
)
select
  case
    when is_allocated then jsonb_build_object(
      'Elements', jsonb_build_array(jsonb_build_object('AllocatedRatio', trim_scale(allocated_ratio)))
    )
  end as "AllocatedMethodDetails",
  case when is_allocated then allocation_rule end as "AllocatedMethodId",
  case when is_allocated then team end as "AllocatedResourceId",
  null::text as "AllocatedResourceName",
  null::jsonb as "AllocatedTags",
  own_billed * (role <> 'use')::integer as "BilledCost",
  priced.account_id as "BillingAccountId",
  priced.account_id as "BillingAccountName",
  focus_currency as "BillingCurrency",
  :'to'::timestamp at time zone 'UTC' as "BillingPeriodEnd",
  :'from'::timestamp at time zone 'UTC' as "BillingPeriodStart",
  category as "ChargeCategory",
  case when is_correction then 'Correction' end as "ChargeClass",
  concat_ws(
    ', ',
    case when is_priced then known_sku else coalesce(resource_name, meter) end,
    coalesce(region_name, known_region_id),
    case when is_priced then trim_scale(own_quantity)::text || ' ' || unit end,
    case
      when role = 'purchase' then 'committed'
      when commitment_status = 'Unused' then 'unused'
    end
  ) as "ChargeDescription",
  case
    when not is_priced then 'One-Time'
    when role = 'purchase' then 'Recurring'
    else coalesce(charge_frequency, 'Usage-Based')
  end as "ChargeFrequency",
  greatest(
    date_trunc('second', share_end), date_trunc('second', share_start) + interval '1 second'
  ) as "ChargePeriodEnd",
  date_trunc('second', share_start) as "ChargePeriodStart",
  case when is_committed then 'Usage' end as "CommitmentDiscountCategory",
  case when is_committed then commitment_id end as "CommitmentDiscountId",
  case when is_committed then coalesce(contract.contract_id, commitment_id) end
    as "CommitmentDiscountName",
  case when is_committed then own_quantity end as "CommitmentDiscountQuantity",
  case when is_committed and role = 'use' then commitment_status end as "CommitmentDiscountStatus",
  case when is_committed then 'Committed Capacity' end as "CommitmentDiscountType",
  case when is_committed then 'Server-Hours' end as "CommitmentDiscountUnit",
  consumed.quantity as "ConsumedQuantity",
  case
    when consumed.quantity is null then null
    when own_hours is null then unit
    else 'Hours'
  end as "ConsumedUnit",
  -- The purchase applies what it costs, the use its hours: each is counted once.
  case
    when is_committed then jsonb_build_object(
      'Elements', jsonb_build_array(
        jsonb_build_object(
          'ContractId', coalesce(contract.contract_id, commitment_id),
          'ContractCommitmentId', commitment_id
        ) || case
          when role = 'purchase'
            then jsonb_build_object('ContractCommitmentAppliedCost', trim_scale(own_billed))
          else jsonb_build_object(
            'ContractCommitmentAppliedQuantity', trim_scale(own_quantity),
            'ContractCommitmentAppliedUnit', 'Server-Hours'
          )
        end
      )
    )
  end as "ContractApplied",
  case
    when is_priced then coalesce(focus_price * own_quantity, 0)
    else own_billed
  end as "ContractedCost",
  case when is_priced then focus_price end as "ContractedUnitPrice",
  own_effective * (role <> 'purchase')::integer as "EffectiveCost",
  provider_label as "HostProviderName",
  -- No line of an invoice names a resource.
  null::text as "InvoiceDetailId",
  billing.invoice_name as "InvoiceId",
  provider_label as "InvoiceIssuerName",
  case
    when is_priced then coalesce(focus_list_price * own_quantity, 0)
    else own_billed
  end as "ListCost",
  case when is_priced then focus_list_price end as "ListUnitPrice",
  case
    when not is_priced then null
    when role = 'purchase' then 'Standard'
    else pricing_category
  end as "PricingCategory",
  focus_currency as "PricingCurrency",
  case when is_priced then focus_price end as "PricingCurrencyContractedUnitPrice",
  own_effective * (role <> 'purchase')::integer as "PricingCurrencyEffectiveCost",
  case when is_priced then focus_list_price end as "PricingCurrencyListUnitPrice",
  case when is_priced then own_quantity end as "PricingQuantity",
  case when is_priced then unit end as "PricingUnit",
  provider_label as "ProviderName",
  provider_label as "PublisherName",
  known_region_id as "RegionId",
  case when known_region_id is not null then coalesce(region_name, known_region_id) end
    as "RegionName",
  case when is_resource then subject_id end as "ResourceId",
  case when is_resource then nullif(resource_name, subject_id) end as "ResourceName",
  case when is_resource then coalesce(resource_type, 'Other') end as "ResourceType",
  coalesce(service_kind.service_category, 'Other') as "ServiceCategory",
  coalesce(priced.service_name, provider_label) as "ServiceName",
  provider_label as "ServiceProviderName",
  coalesce(service_kind.service_subcategory, 'Other (Other)') as "ServiceSubcategory",
  case when is_priced then known_sku end as "SkuId",
  case
    when is_priced
      then replace(replace(initcap(replace(meter, '-', ' ')), 'Vm ', 'VM '), 'Ip ', 'IP ')
  end as "SkuMeter",
  case
    when is_priced then nullif(jsonb_strip_nulls(jsonb_build_object(
      'CoreCount', trim_scale(vcpu_count),
      'MemorySize', trim_scale(memory_gib),
      'GpuCount', nullif(gpu_count, 0),
      'InstanceType', priced.sku,
      'x_GpuModel', gpu_model
    )), '{}')
  end as "SkuPriceDetails",
  sku_price_id as "SkuPriceId",
  tag.tags as "Tags",

  charge_key as "x_ChargeKey",
  charge_id::text as "x_PostingId",
  case when charge_id is null then 'accrued' else 'posted' end as "x_Standing",
  recorded_at as "x_RecordedAt",
  case basis when 'billed' then 'provider' else basis end as "x_Source",
  abs(own_uncertainty) as "x_Uncertainty",
  price_source as "x_PriceSource",
  list_price_source as "x_ListPriceSource",
  nullif(array_to_string(source_versions, ','), '') as "x_SourceVersions",
  case when not is_iso then billing_currency end as "x_SettlementAsset",
  case when not is_iso then own_native * (role <> 'use')::integer end as "x_SettlementAmount",
  case when not is_iso and is_priced then unit_price end as "x_SettlementUnitPrice",
  case when not is_iso then exchange_rate end as "x_SettlementRateToBilling",
  case when not is_iso then settlement_rate.source end as "x_SettlementRateSource",
  reporting_currency as "x_ReportingCurrency",
  own_reporting * (role <> 'use')::integer as "x_ReportingCost",
  exchange_rate as "x_ReportingRate",
  case when is_correction then cost_month::timestamp at time zone 'UTC' end
    as "x_CorrectedPeriodStart",
  case when is_correction then coalesce(reverses_charge_id, former.former_charge_id)::text end
    as "x_CorrectionOf",
  case
    when not is_correction then null
    when reason = 'first entry' then 'learnt after the close'
    else reason
  end as "x_CorrectionReason",
  gpu_model as "x_GpuModel",
  case when role <> 'purchase' then own_gpu_hours end as "x_GpuHours",
  nullif(dimensions, '{}') as "x_VirtualTags",
  team as "x_Team",
  cost_centre as "x_CostCentre",
  project as "x_Project",
  environment as "x_Environment",
  allocation_rule as "x_AllocationRule",
  statement.id as "x_StatementId",
  case
    when statement.id is not null then concat_ws(
      '-', statement.id, coalesce(priced.service_name, provider_label), category,
      focus_currency, case when not is_iso then billing_currency end
    )
  end as "x_StatementDetailId"
from focus_charge_part as priced
cross join lateral (
  select
    case
      when not is_priced or role = 'purchase' or (is_committed and commitment_status = 'Unused')
        then null
      else coalesce(own_hours, own_quantity)
    end as quantity
) as consumed
left join mart.dim_service as service_kind
  on service_kind.provider = priced.provider and service_kind.service_name = priced.service_name
left join focus_charge_invoice as billing using (share_number)
left join invoiced
  on invoiced.account_id = priced.account_id and invoiced.currency = focus_currency
-- The open statement that Invoice Detail has of charges while no invoice of theirs is issued.
cross join lateral (
  select
    case
      when billing.share_number is null and invoiced.account_id is null
        then concat_ws('-', 'synthetic', priced.account_id, :'month'::text)
    end as id
) as statement
left join lateral (
  select contract.contract_id
  from mart.rpt_contract_version as contract
  where concat_ws('/', contract.contract_id, contract.region, contract.sku) = commitment_id
  limit 1
) as contract on is_committed
left join lateral (
  select min(earlier.charge_id) as former_charge_id
  from mart.rpt_posting as earlier
  where is_correction and earlier.account_id = priced.account_id
    and earlier.charge_key = priced.charge_key and earlier.revision = priced.revision - 1
    and earlier.entry = 'charge'
) as former on true
left join lateral (
  select rate.source
  from mart.rpt_exchange_rate_version as rate
  where not is_iso and rate.base_currency = billing_currency
    and rate.quote_currency = reporting_currency and rate.valid_from <= charge_date
    and rate.loaded_at <= :'known_at'
    and (rate.superseded_at is null or rate.superseded_at > :'known_at')
  order by rate.valid_from desc
  limit 1
) as settlement_rate on true
-- A tag `key:value` is a key with its value where no other tag has the key, else as it is written.
left join lateral (
  select
    jsonb_object_agg(
      case when is_pair then key else name end,
      case when is_pair then to_jsonb(value) else 'true' end
    ) as tags
  from (
    select
      name, key, substr(name, length(key) + 2) as value,
      name like '_%:_%' and count(*) over (partition by key) = 1 as is_pair
    from (select distinct name, split_part(name, ':', 1) as key from unnest(tags) as name) as named
  ) as tagged
) as tag on true
order by
  share_number, role, team collate "C" nulls last, cost_centre collate "C" nulls first,
  project collate "C" nulls first, environment collate "C" nulls first,
  dimensions::text collate "C", allocation_rule collate "C", is_allocated

/** Rules across the columns of one Cost and Usage row. */
import type { RowRule } from './check-rule.ts';

const IS_CORRECTION = `"ChargeClass" is not distinct from 'Correction'`;
const IS_PRICED = `"ChargeCategory" in ('Usage', 'Purchase')`;
const IS_UNUSED = `"CommitmentDiscountStatus" is not distinct from 'Unused'`;

function rule(name: string, says: string, needs: readonly string[], broken: string): RowRule {
  return { id: `CostAndUsage-${name}`, dataset: 'CostAndUsage', says, needs, broken };
}

/** Both are null or neither is. */
function together(first: string, second: string): RowRule {
  return rule(
    `${first}-with-${second}`,
    `${first} and ${second} are both null or both given`,
    [first, second],
    `("${first}" is null) <> ("${second}" is null)`,
  );
}

function onlyWith(dependent: string, principal: string): RowRule {
  return rule(
    `${dependent}-needs-${principal}`,
    `${dependent} is null when ${principal} is null`,
    [dependent, principal],
    `"${dependent}" is not null and "${principal}" is null`,
  );
}

const PRICE_COLUMNS = [
  'ContractedUnitPrice',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'SkuId',
  'SkuPriceId',
];

function ofPricedCharges(column: string): RowRule[] {
  return [
    rule(
      `${column}-of-charges`,
      `${column} is given for Usage and Purchase that correct nothing`,
      [column, 'ChargeCategory', 'ChargeClass'],
      `"${column}" is null and ${IS_PRICED} and not ${IS_CORRECTION}`,
    ),
    rule(
      `${column}-of-tax`,
      `${column} is null for Tax`,
      [column, 'ChargeCategory'],
      `"${column}" is not null and "ChargeCategory" = 'Tax'`,
    ),
  ];
}

function product(price: string, cost: string): RowRule {
  return rule(
    `${cost}-product`,
    `${cost} is exactly ${price} times PricingQuantity unless it corrects`,
    [price, cost, 'PricingQuantity', 'ChargeClass'],
    `"${price}" * "PricingQuantity" <> "${cost}" and not ${IS_CORRECTION}`,
  );
}

function asBilled(cost: string): RowRule {
  return rule(
    `${cost}-as-billed`,
    `${cost} of a Credit or an Adjustment without a price is its BilledCost`,
    [cost, 'BilledCost', 'ChargeCategory', 'PricingQuantity'],
    `"ChargeCategory" in ('Credit', 'Adjustment') and "PricingQuantity" is null and "${cost}" <> "BilledCost"`,
  );
}

const PERIODS: readonly RowRule[] = [
  rule(
    'ChargePeriod-order',
    'a charge period ends after it starts',
    ['ChargePeriodStart', 'ChargePeriodEnd'],
    `"ChargePeriodStart" >= "ChargePeriodEnd"`,
  ),
  rule(
    'BillingPeriod-order',
    'a billing period ends after it starts',
    ['BillingPeriodStart', 'BillingPeriodEnd'],
    `"BillingPeriodStart" >= "BillingPeriodEnd"`,
  ),
];

const COMMITMENTS: readonly RowRule[] = [
  together('CommitmentDiscountCategory', 'CommitmentDiscountId'),
  together('CommitmentDiscountType', 'CommitmentDiscountId'),
  together('CommitmentDiscountUnit', 'CommitmentDiscountQuantity'),
  onlyWith('CommitmentDiscountName', 'CommitmentDiscountId'),
  onlyWith('CommitmentDiscountQuantity', 'CommitmentDiscountId'),
  onlyWith('CommitmentDiscountStatus', 'CommitmentDiscountId'),
  rule(
    'CommitmentDiscountStatus-of-usage',
    'Usage under a commitment is Used or Unused',
    ['CommitmentDiscountId', 'CommitmentDiscountStatus', 'ChargeCategory'],
    `"CommitmentDiscountId" is not null and "ChargeCategory" = 'Usage' and "CommitmentDiscountStatus" is null`,
  ),
  rule(
    'Commitment-covered-cost',
    'Usage that a commitment covers has BilledCost 0 and PricingCategory Committed',
    ['CommitmentDiscountStatus', 'BilledCost', 'PricingCategory'],
    `"CommitmentDiscountStatus" is not null and ("BilledCost" <> 0 or "PricingCategory" is distinct from 'Committed')`,
  ),
  rule(
    'Commitment-purchase',
    'the purchase of a commitment has EffectiveCost 0 and the commitment as its resource',
    ['CommitmentDiscountId', 'ChargeCategory', 'EffectiveCost', 'ResourceId'],
    `"CommitmentDiscountId" is not null and "ChargeCategory" = 'Purchase' and ("EffectiveCost" <> 0 or "ResourceId" is distinct from "CommitmentDiscountId")`,
  ),
  rule(
    'Commitment-unused',
    'an Unused row has the commitment as its resource and consumes nothing',
    ['CommitmentDiscountStatus', 'CommitmentDiscountId', 'ResourceId', 'ConsumedQuantity'],
    `${IS_UNUSED} and ("ResourceId" is distinct from "CommitmentDiscountId" or "ConsumedQuantity" is not null)`,
  ),
  rule(
    'ContractApplied-elements',
    'ContractApplied names its commitment and has a cost or a quantity with its unit, never both',
    ['ContractApplied'],
    `"ContractApplied" is not null and (jsonb_array_length(jsonb_path_query_array("ContractApplied", '$.Elements[*]')) = 0
      or jsonb_path_exists("ContractApplied", '$.Elements[*] ? (!exists(@.ContractId) || !exists(@.ContractCommitmentId)
        || exists(@.ContractCommitmentAppliedCost) && exists(@.ContractCommitmentAppliedQuantity)
        || !exists(@.ContractCommitmentAppliedCost) && !exists(@.ContractCommitmentAppliedQuantity)
        || exists(@.ContractCommitmentAppliedQuantity) && !exists(@.ContractCommitmentAppliedUnit))'))`,
  ),
];

const QUANTITIES: readonly RowRule[] = [
  together('PricingUnit', 'PricingQuantity'),
  together('ConsumedUnit', 'ConsumedQuantity'),
  rule(
    'ConsumedQuantity-of-usage',
    'ConsumedQuantity is given for Usage that is not Unused and corrects nothing, and only for Usage',
    ['ConsumedQuantity', 'ChargeCategory', 'ChargeClass', 'CommitmentDiscountStatus'],
    `("ConsumedQuantity" is not null and "ChargeCategory" <> 'Usage')
      or ("ConsumedQuantity" is null and "ChargeCategory" = 'Usage' and not ${IS_UNUSED} and not ${IS_CORRECTION})`,
  ),
  rule(
    'ChargeFrequency-of-purchase',
    'a Purchase is not Usage-Based',
    ['ChargeFrequency', 'ChargeCategory'],
    `"ChargeCategory" = 'Purchase' and "ChargeFrequency" = 'Usage-Based'`,
  ),
];

const NAMES: readonly RowRule[] = [
  together('RegionName', 'RegionId'),
  together('ResourceType', 'ResourceId'),
  onlyWith('ResourceName', 'ResourceId'),
  onlyWith('SkuMeter', 'SkuId'),
  onlyWith('SkuPriceDetails', 'SkuPriceId'),
  rule(
    'ResourceName-not-id',
    'ResourceName does not repeat ResourceId',
    ['ResourceName', 'ResourceId'],
    `"ResourceName" = "ResourceId"`,
  ),
  rule(
    'ServiceSubcategory-parent',
    'ServiceSubcategory belongs to ServiceCategory',
    ['ServiceCategory', 'ServiceSubcategory'],
    `not exists (select from focus_subcategory as known where known.category = "ServiceCategory" and known.subcategory = "ServiceSubcategory")`,
  ),
];

const CORRECTIONS_AND_SETTLEMENT: readonly RowRule[] = [
  rule(
    'Correction-stated',
    'a Correction says which earlier period it corrects and why; nothing else does',
    ['ChargeClass', 'x_CorrectedPeriodStart', 'x_CorrectionReason', 'BillingPeriodStart'],
    `case when ${IS_CORRECTION}
      then "x_CorrectionReason" is null or coalesce("x_CorrectedPeriodStart" >= "BillingPeriodStart", true)
      else "x_CorrectionReason" is not null or "x_CorrectedPeriodStart" is not null end`,
  ),
  rule(
    'Settlement-stated',
    'a settlement asset has an amount and a rate, and no ISO 4217 code',
    ['x_SettlementAsset', 'x_SettlementAmount', 'x_SettlementRateToBilling'],
    `("x_SettlementAsset" is null) <> ("x_SettlementAmount" is null)
      or ("x_SettlementAsset" is null) <> ("x_SettlementRateToBilling" is null)
      or exists (select from focus_currency as known where known.code = "x_SettlementAsset")`,
  ),
];

const ALLOCATIONS: readonly RowRule[] = [
  together('AllocatedMethodId', 'AllocatedResourceId'),
  together('AllocatedMethodDetails', 'AllocatedMethodId'),
  rule(
    'AllocatedMethodDetails-elements',
    'AllocatedMethodDetails has elements, each with its AllocatedRatio',
    ['AllocatedMethodDetails'],
    `"AllocatedMethodDetails" is not null and (not jsonb_path_exists("AllocatedMethodDetails", '$.Elements[*]')
      or jsonb_path_exists("AllocatedMethodDetails", '$.Elements[*] ? (!exists(@.AllocatedRatio))'))`,
  ),
];

export const COST_AND_USAGE_RULES: readonly RowRule[] = [
  ...PERIODS,
  product('ContractedUnitPrice', 'ContractedCost'),
  product('ListUnitPrice', 'ListCost'),
  ...['ContractedCost', 'ListCost', 'EffectiveCost'].map(asBilled),
  ...PRICE_COLUMNS.flatMap(ofPricedCharges),
  ...QUANTITIES,
  ...COMMITMENTS,
  ...NAMES,
  ...CORRECTIONS_AND_SETTLEMENT,
  ...ALLOCATIONS,
];

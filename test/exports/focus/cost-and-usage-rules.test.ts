/**
 * Goal: the conformance check sees each kind of defect of a Cost and Usage row. Method: a sound export
 * of a small ledger, one defect planted into a copy, and the rules that fail then.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from './files.ts';
import { createSpoiledExport, type SpoiledExport, set } from './spoiled-export.ts';

let spoiled: SpoiledExport;

beforeAll(async () => {
  spoiled = await createSpoiledExport();
});

afterAll(() => spoiled?.close());

const USAGE = { ChargeCategory: 'Usage', PricingCategory: 'Standard' };
const PURCHASE = { ChargeCategory: 'Purchase' };
const UNUSED = { CommitmentDiscountStatus: 'Unused' };
const SETTLED = { x_SettlementAsset: 'USDC' };

test.each<[string, Row, Row, string]>([
  ['a number with a sign', { BilledCost: '+1' }, {}, 'CostAndUsage-BilledCost-type'],
  ['a number with a currency', { EffectiveCost: '1 USD' }, {}, 'CostAndUsage-EffectiveCost-type'],
  ['a number with separators', { ListCost: '1,000.5' }, {}, 'CostAndUsage-ListCost-type'],
  [
    'a day as an instant',
    { ChargePeriodStart: '2026-08-01' },
    {},
    'CostAndUsage-ChargePeriodStart-type',
  ],
  [
    'a day that is not',
    { ChargePeriodEnd: '2026-02-31T00:00:00Z' },
    {},
    'CostAndUsage-ChargePeriodEnd-type',
  ],
  ['tags that are no JSON', { Tags: 'team=nlp' }, {}, 'CostAndUsage-Tags-type'],
  ['an empty text', { RegionId: '' }, {}, 'CostAndUsage-RegionId-type'],
  ['a stand-in for null', { ResourceName: 'N/A' }, {}, 'CostAndUsage-ResourceName-type'],
  ['null where it must not be', { ServiceName: null }, {}, 'CostAndUsage-ServiceName-null'],
  [
    'a value that is not allowed',
    { ChargeCategory: 'usage' },
    {},
    'CostAndUsage-ChargeCategory-values',
  ],
  [
    'a currency without a code',
    { BillingCurrency: 'USDC' },
    {},
    'CostAndUsage-BillingCurrency-format',
  ],
  ['nested tags', { Tags: '{"a": {"b": 1}}' }, {}, 'CostAndUsage-Tags-format'],
  ['a negative price', { ListUnitPrice: '-1' }, USAGE, 'CostAndUsage-ListUnitPrice-format'],
  ['a unit of its own kind', { PricingUnit: 'per hour' }, USAGE, 'CostAndUsage-PricingUnit-format'],
  [
    'a period that ends first',
    { ChargePeriodEnd: '2026-08-01T00:00:00Z' },
    USAGE,
    'CostAndUsage-ChargePeriod-order',
  ],
  [
    'a cost that is no product',
    { ContractedCost: '9.99916' },
    USAGE,
    'CostAndUsage-ContractedCost-product',
  ],
  [
    'a credit that costs otherwise',
    { ListCost: '1' },
    { ChargeCategory: 'Credit' },
    'CostAndUsage-ListCost-as-billed',
  ],
  ['usage without a SKU price', { SkuPriceId: null }, USAGE, 'CostAndUsage-SkuPriceId-of-charges'],
  [
    'a tax with a quantity',
    { ChargeCategory: 'Tax' },
    USAGE,
    'CostAndUsage-PricingQuantity-of-tax',
  ],
  [
    'a unit without a quantity',
    { ConsumedQuantity: null },
    USAGE,
    'CostAndUsage-ConsumedUnit-with-ConsumedQuantity',
  ],
  [
    'consumption by a purchase',
    { ConsumedQuantity: '1', ConsumedUnit: 'Hours' },
    PURCHASE,
    'CostAndUsage-ConsumedQuantity-of-usage',
  ],
  [
    'a usage-based purchase',
    { ChargeFrequency: 'Usage-Based' },
    PURCHASE,
    'CostAndUsage-ChargeFrequency-of-purchase',
  ],
  [
    'covered usage that is billed',
    { BilledCost: '1' },
    UNUSED,
    'CostAndUsage-Commitment-covered-cost',
  ],
  [
    'an idle commitment on a server',
    { ResourceId: '1001' },
    UNUSED,
    'CostAndUsage-Commitment-unused',
  ],
  [
    'a purchase with an effective cost',
    { EffectiveCost: '1' },
    PURCHASE,
    'CostAndUsage-Commitment-purchase',
  ],
  [
    'a commitment that loses money',
    { EffectiveCost: '251' },
    UNUSED,
    'CostAndUsage-commitment-conserved',
  ],
  [
    'usage neither used nor unused',
    { CommitmentDiscountStatus: null },
    UNUSED,
    'CostAndUsage-CommitmentDiscountStatus-of-usage',
  ],
  [
    'a contract without a quantity',
    { ContractApplied: '{"Elements": [{"ContractId": "C-1", "ContractCommitmentId": "x"}]}' },
    UNUSED,
    'CostAndUsage-ContractApplied-elements',
  ],
  ['a region without a name', { RegionName: null }, USAGE, 'CostAndUsage-RegionName-with-RegionId'],
  [
    'a name that repeats the id',
    { ResourceName: '1001' },
    USAGE,
    'CostAndUsage-ResourceName-not-id',
  ],
  [
    'a subcategory of another category',
    { ServiceSubcategory: 'Block Storage' },
    {},
    'CostAndUsage-ServiceSubcategory-parent',
  ],
  [
    'a correction that gives no reason',
    { ChargeClass: 'Correction' },
    {},
    'CostAndUsage-Correction-stated',
  ],
  [
    'an asset without a rate',
    { x_SettlementRateToBilling: null },
    SETTLED,
    'CostAndUsage-Settlement-stated',
  ],
  [
    'a cost at another rate',
    { x_SettlementRateToBilling: '1' },
    SETTLED,
    'CostAndUsage-Settlement-rate',
  ],
  [
    'another billing period',
    { BillingPeriodStart: '2026-07-01T00:00:00Z' },
    {},
    'CostAndUsage-one-billing-period',
  ],
  [
    'a service of two categories',
    { ServiceCategory: 'Other' },
    USAGE,
    'CostAndUsage-one-service-category',
  ],
  ['money that is not in the totals', { BilledCost: '9' }, USAGE, 'CostAndUsage-totals'],
  ['an invoice nobody issued', { InvoiceId: '1' }, USAGE, 'Invoice-known'],
  [
    'an issuer without a billing period',
    { InvoiceIssuerName: 'Nobody' },
    USAGE,
    'BillingPeriod-known',
  ],
])('%s', async (_, values, where, rule) => {
  expect(await spoiled.failuresWith('cost-and-usage', set(values, where))).toContain(rule);
});

test('a price of two SKUs', async () => {
  const failed = await spoiled.failuresWith('cost-and-usage', (rows) => {
    const price = rows.find((row) => row.SkuPriceId !== null)?.SkuPriceId ?? null;
    return set({ SkuPriceId: price, SkuId: 'other' }, UNUSED)(rows);
  });
  expect(failed).toContain('CostAndUsage-one-sku-of-price');
});

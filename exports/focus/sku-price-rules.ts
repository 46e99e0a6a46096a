/** Rules of the SKU Price dataset: those of a draft, so a preview of them. */
import { checkedTable, type RowRule, type SetRule } from './check-rule.ts';

const COST = checkedTable('CostAndUsage');
const PRICE = checkedTable('SkuPrice');

const KEY = [
  'ServiceProviderName',
  'SkuPriceId',
  'ContractId',
  'PricingCurrency',
  'UnitPriceType',
] as const;
const PERIOD = ['SkuPriceEffectiveStart', 'SkuPriceEffectiveEnd'] as const;

export const SKU_PRICE_ROW_RULES: readonly RowRule[] = [
  {
    id: 'SkuPrice-period',
    dataset: 'SkuPrice',
    says: 'a price ends after it starts, and is not updated before it is created',
    needs: [...PERIOD, 'SkuPriceCreated', 'SkuPriceLastUpdated'],
    broken: `"SkuPriceEffectiveEnd" <= "SkuPriceEffectiveStart" or "SkuPriceLastUpdated" < "SkuPriceCreated"`,
  },
  {
    id: 'SkuPrice-contract',
    dataset: 'SkuPrice',
    says: 'a List price names no contract, a Base or Contracted one does',
    needs: ['ContractId', 'UnitPriceType'],
    broken: `case "UnitPriceType" when 'List' then "ContractId" is not null
      when 'Base' then "ContractId" is null when 'Contracted' then "ContractId" is null else false end`,
  },
  {
    id: 'SkuPrice-purchase',
    dataset: 'SkuPrice',
    says: 'a Purchase says how it is paid; a price of use says nothing of purchases',
    needs: [
      'ChargeCategory',
      'CommitmentApplicability',
      'CommitmentDiscountCategory',
      'PurchaseDurationType',
      'PurchasePaymentModel',
    ],
    broken: `case "ChargeCategory" when 'Purchase' then "PurchasePaymentModel" is null
      else num_nonnulls("PurchasePaymentModel", "PurchaseDurationType", "CommitmentDiscountCategory", "CommitmentApplicability") > 0 end`,
  },
  {
    id: 'SkuPrice-eligibility',
    dataset: 'SkuPrice',
    says: 'eligibility is global, complex, or has inclusions with their operator',
    needs: ['SkuPriceEligibility'],
    broken: `not coalesce(
      jsonb_path_exists("SkuPriceEligibility", '$ ? (@.IsGlobalScope == true || @.IsComplexScope == true)')
        <> jsonb_path_exists("SkuPriceEligibility", '$ ? (exists(@.Inclusions[*].Dimension) && exists(@.InclusionOperator))'),
      false)`,
  },
];

export const SKU_PRICE_SET_RULES: readonly SetRule[] = [
  {
    id: 'SkuPrice-no-overlap',
    says: 'a price has one amount at a time: per provider, contract, currency and kind',
    needs: { SkuPrice: [...KEY, ...PERIOD] },
    offenders: `select format('%s %s: begins before the one of row %s ends', "SkuPriceId", "UnitPriceType", former)
      from (
        select "SkuPriceId", "UnitPriceType", coalesce("SkuPriceEffectiveStart", '-infinity') as starts_at,
          lag(line) over by_start as former,
          lag(coalesce("SkuPriceEffectiveEnd", 'infinity')) over by_start as former_end
        from ${PRICE}
        window by_start as (
          partition by ${KEY.map((name) => `"${name}"`).join(', ')}
          order by "SkuPriceEffectiveStart" nulls first, line
        )
      ) as price
      where former_end > starts_at`,
  },
  {
    id: 'SkuPrice-one-sku-of-price',
    says: 'a SkuPriceId has one SkuId, PricingUnit and ChargeCategory',
    needs: { SkuPrice: ['SkuPriceId', 'SkuId', 'PricingUnit', 'ChargeCategory'] },
    offenders: `select "SkuPriceId" from ${PRICE} group by "SkuPriceId"
      having count(distinct ("SkuId", "PricingUnit", "ChargeCategory")) > 1`,
  },
  {
    id: 'SkuPrice-known',
    says: 'a price that a charge names is in SKU Price',
    needs: { CostAndUsage: ['SkuPriceId', 'ContractedUnitPrice'], SkuPrice: ['SkuPriceId'] },
    offenders: `select distinct cost."SkuPriceId" from ${COST} as cost
      where cost."ContractedUnitPrice" is not null and not exists (
        select from ${PRICE} as price where price."SkuPriceId" = cost."SkuPriceId"
      )`,
  },
];

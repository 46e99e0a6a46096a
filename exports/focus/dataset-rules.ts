/** Rules across rows and across datasets, and across the columns of the smaller datasets. */
import { checkedTable, type RowRule, type SetRule } from './check-rule.ts';
import { INVOICE_ROW_RULES, INVOICE_SET_RULES } from './invoice-rules.ts';
import { SKU_PRICE_ROW_RULES, SKU_PRICE_SET_RULES } from './sku-price-rules.ts';

const COST = checkedTable('CostAndUsage');
const PERIOD = checkedTable('BillingPeriod');
const COMMITMENT = checkedTable('ContractCommitment');

export const ROW_RULES: readonly RowRule[] = [
  ...INVOICE_ROW_RULES,
  ...SKU_PRICE_ROW_RULES,
  {
    id: 'BillingPeriod-updated',
    dataset: 'BillingPeriod',
    says: 'a period is not updated before it is created, and ends after it starts',
    needs: [
      'BillingPeriodCreated',
      'BillingPeriodLastUpdated',
      'BillingPeriodStart',
      'BillingPeriodEnd',
    ],
    broken: `"BillingPeriodLastUpdated" < "BillingPeriodCreated" or "BillingPeriodEnd" <= "BillingPeriodStart"`,
  },
  {
    id: 'ContractCommitment-periods',
    dataset: 'ContractCommitment',
    says: 'a commitment lies within its contract',
    needs: [
      'ContractCommitmentPeriodStart',
      'ContractCommitmentPeriodEnd',
      'ContractPeriodStart',
      'ContractPeriodEnd',
    ],
    broken: `"ContractCommitmentPeriodStart" >= "ContractCommitmentPeriodEnd"
      or "ContractCommitmentPeriodStart" < "ContractPeriodStart"
      or "ContractCommitmentPeriodEnd" > "ContractPeriodEnd"`,
  },
  {
    id: 'ContractCommitment-quantity',
    dataset: 'ContractCommitment',
    says: 'ContractCommitmentUnit and ContractCommitmentQuantity are both null or both given',
    needs: ['ContractCommitmentUnit', 'ContractCommitmentQuantity'],
    broken: `("ContractCommitmentUnit" is null) <> ("ContractCommitmentQuantity" is null)`,
  },
  {
    id: 'ContractCommitment-discount',
    dataset: 'ContractCommitment',
    says: 'a percentage is given for a Discount and never for Availability',
    needs: ['ContractCommitmentBenefitCategory', 'ContractCommitmentDiscountPercentage'],
    broken: `case "ContractCommitmentBenefitCategory"
      when 'Discount' then "ContractCommitmentDiscountPercentage" is null
      when 'Availability' then "ContractCommitmentDiscountPercentage" is not null
      else false end`,
  },
  {
    id: 'ContractCommitment-duration',
    dataset: 'ContractCommitment',
    says: 'a duration is a whole number and a unit of time, such as 12 Months',
    needs: ['ContractCommitmentDurationType'],
    broken: `"ContractCommitmentDurationType" !~ '^[1-9][0-9]* (Minute|Hour|Day|Week|Month|Quarter|Year)s?$'`,
  },
  {
    id: 'ContractCommitment-applicability',
    dataset: 'ContractCommitment',
    says: 'applicability is global, complex, or has inclusions with their operator',
    needs: ['ContractCommitmentApplicability'],
    broken: `not coalesce(
      jsonb_path_exists("ContractCommitmentApplicability", '$ ? (@.IsGlobalScope == true || @.IsComplexScope == true)')
        <> jsonb_path_exists("ContractCommitmentApplicability", '$ ? (exists(@.Inclusions[*].Dimension) && exists(@.InclusionOperator))'),
      false)`,
  },
];

export const SET_RULES: readonly SetRule[] = [
  {
    id: 'CostAndUsage-one-service-category',
    says: 'a ServiceName has one ServiceCategory',
    needs: { CostAndUsage: ['ServiceName', 'ServiceCategory'] },
    offenders: `select "ServiceName" from ${COST} group by "ServiceName"
      having count(distinct "ServiceCategory") > 1`,
  },
  {
    id: 'CostAndUsage-one-sku-of-price',
    says: 'a SkuPriceId belongs to one SkuId',
    needs: { CostAndUsage: ['SkuId', 'SkuPriceId'] },
    offenders: `select "SkuPriceId" from ${COST} where "SkuPriceId" is not null
      group by "SkuPriceId" having count(distinct "SkuId") > 1`,
  },
  {
    id: 'CostAndUsage-commitment-conserved',
    says: 'what a commitment\u2019s use costs effectively is what its purchase was billed',
    needs: {
      CostAndUsage: ['CommitmentDiscountId', 'ChargeCategory', 'BilledCost', 'EffectiveCost'],
    },
    offenders: `select format('%s: billed %s, used %s', "CommitmentDiscountId", billed, used) from (
        select "CommitmentDiscountId",
          coalesce(sum("BilledCost") filter (where "ChargeCategory" = 'Purchase'), 0) as billed,
          coalesce(sum("EffectiveCost") filter (where "ChargeCategory" = 'Usage'), 0) as used
        from ${COST} where "CommitmentDiscountId" is not null
        group by "CommitmentDiscountId", "BillingAccountId"
      ) as commitment where billed <> used`,
  },
  {
    id: 'CostAndUsage-one-billing-period',
    says: 'every row is of the month that the export names',
    needs: { CostAndUsage: ['BillingPeriodStart', 'BillingPeriodEnd'] },
    offenders: `select format('row %s', line) from ${COST}, focus_export
      where ("BillingPeriodStart", "BillingPeriodEnd") is distinct from (starts_at, ends_at)`,
  },
  {
    id: 'CostAndUsage-totals',
    says: 'accounts and currencies add up to the totals that the export names',
    needs: { CostAndUsage: ['BillingAccountId', 'BillingCurrency', 'BilledCost', 'EffectiveCost'] },
    offenders: `select format('%s %s: %s, the metadata says %s', account, currency, row.billed, named.billed)
      from (
        select "BillingAccountId" as account, "BillingCurrency" as currency,
          sum("BilledCost") as billed, sum("EffectiveCost") as effective
        from ${COST} group by 1, 2
      ) as row
      full join focus_total as named using (account, currency)
      where (row.billed, row.effective) is distinct from (named.billed, named.effective)`,
  },
  ...INVOICE_SET_RULES,
  ...SKU_PRICE_SET_RULES,
  {
    id: 'BillingPeriod-known',
    says: 'each issuer of a charge has the charge\u2019s billing period, once',
    needs: {
      CostAndUsage: ['InvoiceIssuerName', 'BillingPeriodStart'],
      BillingPeriod: ['InvoiceIssuerName', 'BillingPeriodStart'],
    },
    offenders: `select format('%s: %s periods', cost."InvoiceIssuerName", periods)
      from (select distinct "InvoiceIssuerName", "BillingPeriodStart" from ${COST}) as cost
      cross join lateral (
        select count(*) as periods from ${PERIOD} as period
        where period."InvoiceIssuerName" = cost."InvoiceIssuerName"
          and period."BillingPeriodStart" = cost."BillingPeriodStart"
      ) as found
      where periods <> 1`,
  },
  {
    id: 'ContractCommitment-known',
    says: 'a commitment that a charge names is in Contract Commitment',
    needs: {
      CostAndUsage: ['ContractApplied'],
      ContractCommitment: ['ContractCommitmentId', 'ContractId'],
    },
    offenders: `select distinct element ->> 'ContractCommitmentId' from ${COST} as cost
      cross join lateral jsonb_path_query(cost."ContractApplied", '$.Elements[*]') as element
      where not exists (
        select from ${COMMITMENT} as commitment
        where commitment."ContractCommitmentId" = element ->> 'ContractCommitmentId'
          and commitment."ContractId" = element ->> 'ContractId'
      )`,
  },
];

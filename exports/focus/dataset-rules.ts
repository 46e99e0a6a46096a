/** Rules across rows and across datasets, and across the columns of the smaller datasets. */
import { checkedTable, type RowRule, type SetRule } from './check-rule.ts';

const COST = checkedTable('CostAndUsage');
const INVOICE = checkedTable('InvoiceDetail');
const PERIOD = checkedTable('BillingPeriod');
const COMMITMENT = checkedTable('ContractCommitment');

export const ROW_RULES: readonly RowRule[] = [
  {
    id: 'InvoiceDetail-issued',
    dataset: 'InvoiceDetail',
    says: 'an Issued line has its invoice\u2019s date',
    needs: ['InvoiceIssueStatus', 'InvoiceIssueDate'],
    broken: `"InvoiceIssueStatus" = 'Issued' and "InvoiceIssueDate" is null`,
  },
  {
    id: 'InvoiceDetail-synthetic',
    dataset: 'InvoiceDetail',
    says: 'a line made from charges is Open, never an issued invoice',
    needs: ['x_Synthetic', 'InvoiceIssueStatus'],
    broken: `"x_Synthetic" = 'true' and "InvoiceIssueStatus" <> 'Open'`,
  },
  {
    id: 'InvoiceDetail-updated',
    dataset: 'InvoiceDetail',
    says: 'a line is not updated before it is created',
    needs: ['InvoiceDetailCreated', 'InvoiceDetailLastUpdated'],
    broken: `"InvoiceDetailLastUpdated" < "InvoiceDetailCreated"`,
  },
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

/** The largest difference that rounding to the currency's smallest unit can make: FOCUS 1.4. */
const BOUND = `greatest(100 * power(10::numeric, -decimals), sqrt(coalesce(rows, 0)::numeric) * 0.5 * power(10::numeric, -decimals))`;

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
  {
    id: 'Invoice-known',
    says: 'an InvoiceId of a charge is an invoice of the same issuer and billing period',
    needs: {
      CostAndUsage: ['InvoiceId', 'InvoiceIssuerName', 'BillingPeriodStart'],
      InvoiceDetail: ['InvoiceId', 'InvoiceIssuerName', 'BillingPeriodStart'],
    },
    offenders: `select distinct format('%s %s', cost."InvoiceIssuerName", cost."InvoiceId")
      from ${COST} as cost
      where cost."InvoiceId" is not null and not exists (
        select from ${INVOICE} as invoice
        where invoice."InvoiceId" = cost."InvoiceId"
          and invoice."InvoiceIssuerName" = cost."InvoiceIssuerName"
          and invoice."BillingPeriodStart" = cost."BillingPeriodStart"
      )`,
  },
  {
    id: 'Invoice-reconciles',
    says: 'an issued invoice without tax equals its charges within max(100 units, sqrt(rows) half units)',
    needs: {
      CostAndUsage: ['InvoiceId', 'InvoiceIssuerName', 'BilledCost'],
      InvoiceDetail: ['InvoiceId', 'InvoiceIssuerName', 'BilledCost', 'BillingCurrency'],
    },
    offenders: reconciliation('InvoiceId'),
  },
  {
    id: 'InvoiceDetail-reconciles',
    says: 'an issued invoice line without tax equals the charges that name it, within the same bound',
    needs: {
      CostAndUsage: ['InvoiceDetailId', 'InvoiceIssuerName', 'BilledCost'],
      InvoiceDetail: ['InvoiceDetailId', 'InvoiceIssuerName', 'BilledCost', 'BillingCurrency'],
    },
    offenders: reconciliation('InvoiceDetailId'),
  },
  {
    id: 'InvoiceDetail-unique',
    says: 'an InvoiceDetailId occurs once',
    needs: { InvoiceDetail: ['InvoiceDetailId', 'InvoiceIssuerName'] },
    offenders: `select "InvoiceDetailId" from ${INVOICE}
      group by "InvoiceDetailId", "InvoiceIssuerName" having count(*) > 1`,
  },
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

/**
 * Issued lines without tax beside the charges that carry the same id. An invoice must have charges;
 * a line only counts where a charge names it.
 */
function reconciliation(id: 'InvoiceId' | 'InvoiceDetailId'): string {
  return `with invoiced as (
      select "${id}" as id, "InvoiceIssuerName" as issuer, min("BillingCurrency") as currency,
        sum("BilledCost") as invoiced
      from ${INVOICE}
      where "ChargeCategory" <> 'Tax' and "InvoiceIssueStatus" = 'Issued'
      group by 1, 2
    ),
    charged as (
      select "${id}" as id, "InvoiceIssuerName" as issuer, count(*) as rows,
        sum("BilledCost") as charged
      from ${COST} where "${id}" is not null
      group by 1, 2
    )
    select format('%s: invoiced %s, charged %s', id, invoiced, coalesce(charged, 0))
    from invoiced
    ${id === 'InvoiceId' ? 'left join' : 'join'} charged using (id, issuer)
    join focus_currency on focus_currency.code = invoiced.currency
    where abs(invoiced - coalesce(charged, 0)) > ${BOUND}`;
}

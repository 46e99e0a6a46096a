/** Rules that compare charges with the invoices and open statements that they are on. */
import { checkedTable, type RowRule, type SetRule } from './check-rule.ts';

const COST = checkedTable('CostAndUsage');
const INVOICE = checkedTable('InvoiceDetail');

/** The largest difference that rounding to the currency's smallest unit can make: FOCUS 1.4. */
const BOUND = `greatest(100 * power(10::numeric, -decimals), sqrt(coalesce(rows, 0)::numeric) * 0.5 * power(10::numeric, -decimals))`;

export const INVOICE_ROW_RULES: readonly RowRule[] = [
  {
    id: 'CostAndUsage-InvoiceId-issued',
    dataset: 'CostAndUsage',
    says: 'an InvoiceId is one that the provider gave, and null where no invoice is known',
    needs: ['InvoiceId'],
    broken: `"InvoiceId" like 'synthetic-%'`,
  },
  {
    id: 'CostAndUsage-one-bill',
    dataset: 'CostAndUsage',
    says: 'a charge is on an invoice or on an open statement, never on both',
    needs: ['InvoiceId', 'x_StatementId'],
    broken: `"InvoiceId" is not null and "x_StatementId" is not null`,
  },
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
];

const KEYS = ['BillingAccountId', 'InvoiceId', 'BillingPeriodStart'] as const;

export const INVOICE_SET_RULES: readonly SetRule[] = [
  {
    id: 'Invoice-known',
    says: 'an InvoiceId of a charge is an issued invoice of its account and billing period',
    needs: { CostAndUsage: KEYS, InvoiceDetail: [...KEYS, 'InvoiceIssueStatus'] },
    offenders: `select distinct format('%s %s', cost."BillingAccountId", cost."InvoiceId")
      from ${COST} as cost
      where cost."InvoiceId" is not null and not exists (
        select from ${INVOICE} as invoice
        where invoice."InvoiceId" = cost."InvoiceId"
          and invoice."BillingAccountId" = cost."BillingAccountId"
          and invoice."BillingPeriodStart" = cost."BillingPeriodStart"
          and invoice."InvoiceIssueStatus" = 'Issued'
      )`,
  },
  {
    id: 'Invoice-reconciles',
    says: 'an issued invoice with the credit notes that correct it, without tax, equals their charges within max(100 units, sqrt(rows) half units)',
    needs: {
      CostAndUsage: [
        'BillingAccountId',
        'BillingCurrency',
        'BilledCost',
        'ChargeClass',
        'InvoiceId',
        'x_StatementId',
      ],
      InvoiceDetail: [
        'BilledCost',
        'BillingAccountId',
        'BillingCurrency',
        'ChargeCategory',
        'InvoiceId',
        'InvoiceIssueStatus',
        'ReferenceInvoiceId',
      ],
    },
    offenders: invoicesThatDiffer(),
  },
  {
    id: 'Statement-reconciles',
    says: 'each line of an open statement equals the charges that name it, exactly, and each of them has its line',
    needs: {
      CostAndUsage: [
        'BillingAccountId',
        'BillingCurrency',
        'BilledCost',
        'x_StatementId',
        'x_StatementDetailId',
      ],
      InvoiceDetail: [
        'BilledCost',
        'BillingAccountId',
        'BillingCurrency',
        'InvoiceDetailId',
        'InvoiceId',
        'InvoiceIssueStatus',
      ],
    },
    offenders: `select format('%s %s: stated %s, charged %s', account, detail,
        coalesce(stated::text, 'nothing'), coalesce(charged::text, 'nothing'))
      from (
        select "BillingAccountId" as account, "InvoiceId" as statement, "InvoiceDetailId" as detail,
          "BillingCurrency" as currency, sum("BilledCost") as stated
        from ${INVOICE} where "InvoiceIssueStatus" = 'Open' group by 1, 2, 3, 4
      ) as line
      full join (
        select "BillingAccountId" as account, "x_StatementId" as statement,
          "x_StatementDetailId" as detail, "BillingCurrency" as currency, sum("BilledCost") as charged
        from ${COST} where "x_StatementId" is not null group by 1, 2, 3, 4
      ) as charge using (account, statement, detail, currency)
      where stated is distinct from charged`,
  },
  {
    id: 'InvoiceDetail-issued-or-open',
    says: 'an account has no open statement in a currency in which its month is invoiced',
    needs: {
      InvoiceDetail: [
        'BillingAccountId',
        'BillingCurrency',
        'ChargeCategory',
        'InvoiceIssueStatus',
      ],
    },
    offenders: `select format('%s %s', "BillingAccountId", "BillingCurrency") from ${INVOICE}
      group by "BillingAccountId", "BillingCurrency"
      having bool_or("InvoiceIssueStatus" = 'Open')
        and bool_or("InvoiceIssueStatus" = 'Issued' and "ChargeCategory" not in ('Credit', 'Tax'))`,
  },
  {
    id: 'InvoiceDetail-unique',
    says: 'an InvoiceDetailId occurs once in its account',
    needs: { InvoiceDetail: ['BillingAccountId', 'InvoiceDetailId'] },
    offenders: `select "InvoiceDetailId" from ${INVOICE}
      group by "BillingAccountId", "InvoiceDetailId" having count(*) > 1`,
  },
];

/**
 * Issued documents beside the charges that name them. A credit note is added to the invoice that it
 * corrects: our own count may lack already what it takes back. Where a charge of an invoiced account names
 * none of its invoices, the account's documents are compared as one.
 */
function invoicesThatDiffer(): string {
  return `with document as (
      select "BillingAccountId" as account, "BillingCurrency" as currency, "InvoiceId" as id,
        min("ReferenceInvoiceId") as corrected, sum("BilledCost") as invoiced
      from ${INVOICE}
      where "ChargeCategory" <> 'Tax' and "InvoiceIssueStatus" = 'Issued'
      group by 1, 2, 3
    ),
    open_charge as (
      select "BillingAccountId" as account, "BillingCurrency" as currency, count(*) as rows,
        sum("BilledCost") as charged
      from ${COST}
      where "InvoiceId" is null and "x_StatementId" is null and "ChargeClass" is null
      group by 1, 2
    ),
    named_charge as (
      select "BillingAccountId" as account, "BillingCurrency" as currency, "InvoiceId" as id,
        count(*) as rows, sum("BilledCost") as charged
      from ${COST} where "InvoiceId" is not null
      group by 1, 2, 3
    ),
    compared as (
      select account, currency,
        case when open_charge.account is null then corrected else 'all invoices' end as id,
        sum(invoiced) as invoiced,
        coalesce(sum(named_charge.charged), 0) + coalesce(min(open_charge.charged), 0) as charged,
        coalesce(sum(named_charge.rows), 0) + coalesce(min(open_charge.rows), 0) as rows
      from document
      left join named_charge using (account, currency, id)
      left join open_charge using (account, currency)
      group by 1, 2, 3
    )
    select format('%s %s: invoiced %s, charged %s', account, id, invoiced, charged)
    from compared
    join focus_currency on focus_currency.code = currency
    where abs(invoiced - charged) > ${BOUND}`;
}

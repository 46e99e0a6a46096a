/** The columns of the chargeback's tables, in the order of the files. */
import type { Column, ColumnKind } from '../formats/column.ts';

function column(name: string, kind: ColumnKind, meaning: string): Column {
  return { name, kind, meaning };
}

export const LINE_COLUMNS: readonly Column[] = [
  column('line', 'integer', 'Number of the line, from 1'),
  column('month', 'text', 'UTC month of the statement'),
  column('corrects_month', 'text', 'Earlier, closed month that this line corrects; null for none'),
  column('team', 'text', 'Who is charged'),
  column('cost_centre', 'text', 'Cost centre that is charged'),
  column('project', 'text', 'Project that owned the resource'),
  column('environment', 'text', 'Environment of the resource'),
  column('dimensions', 'text', 'Further dimensions of the owner, as a JSON object'),
  column('allocation_rule', 'text', 'What made it the team\u2019s: tag, a rule\u2019s id, or none'),
  column('is_share', 'boolean', 'A part of a cost that several share'),
  column('provider', 'text', 'Provider and product'),
  column('account_id', 'text', 'Account at the provider'),
  column('service', 'text', 'Service of the resource'),
  column('resource_id', 'text', 'Resource as the provider names it'),
  column('resource_name', 'text', 'Name of the resource on the last day'),
  column('sku', 'text', 'What was rented'),
  column('region', 'text', 'Where'),
  column('meter', 'text', 'What was counted'),
  column('commitment_status', 'text', 'Used or Unused for committed capacity; null otherwise'),
  column('first_date', 'date', 'First UTC day with cost'),
  column('last_date', 'date', 'Last UTC day with cost'),
  column('quantity', 'quantity', 'Quantity in the unit of the next column'),
  column('unit', 'text', 'Unit of the quantity'),
  column('usage_hours', 'quantity', 'Hours of use'),
  column('gpu_hours', 'quantity', 'Hours of use times GPUs'),
  column('unit_price', 'price', 'billed_cost per unit: the average of the line, to 15 places'),
  column('billing_currency', 'text', 'Currency of billed_cost and effective_cost'),
  column('billed_cost', 'amount', 'What the provider charges'),
  column('effective_cost', 'amount', 'The cost with prepayments spread over what they paid for'),
  column('reporting_currency', 'text', 'Currency of reporting_cost'),
  column('reporting_cost', 'amount', 'billed_cost at the rate of each day'),
  column('not_posted_yet', 'amount', 'Part of billed_cost that still grows'),
  column('uncertainty', 'amount', 'Largest amount by which billed_cost can be wrong; 0 when exact'),
];

export const TEAM_COLUMNS: readonly Column[] = [
  column('month', 'text', 'UTC month of the statement'),
  column('team', 'text', 'Who is charged'),
  column('cost_centre', 'text', 'Cost centre that is charged'),
  column('billing_currency', 'text', 'Currency of the costs but reporting_cost'),
  column('lines', 'integer', 'Lines in the lines file'),
  column('resources', 'integer', 'Resources with cost'),
  column('usage_hours', 'quantity', 'Hours of use'),
  column('gpu_hours', 'quantity', 'Hours of use times GPUs'),
  column('billed_cost', 'amount', 'What the providers charge'),
  column('effective_cost', 'amount', 'The cost with prepayments spread over what they paid for'),
  column('shared_cost', 'amount', 'Part of billed_cost that is a share of a common cost'),
  column('unused_commitment_cost', 'amount', 'Part of billed_cost for capacity paid but not used'),
  column('correction_cost', 'amount', 'Part of billed_cost that corrects earlier months'),
  column('reporting_currency', 'text', 'Currency of reporting_cost'),
  column('reporting_cost', 'amount', 'billed_cost at the rate of each day'),
];

export const JOURNAL_COLUMNS: readonly Column[] = [
  column('month', 'text', 'UTC month of the statement'),
  column('corrects_month', 'text', 'Earlier, closed month that this posting corrects'),
  column('ledger_account', 'text', 'expense:<cost centre> or payable:<provider>:<account>'),
  column('cost_centre', 'text', 'Cost centre of an expense'),
  column('team', 'text', 'Team of an expense'),
  column('provider', 'text', 'Provider and product'),
  column('account_id', 'text', 'Account at the provider'),
  column('currency', 'text', 'Currency of debit and credit'),
  column('debit', 'amount', 'Amount debited, never negative'),
  column('credit', 'amount', 'Amount credited, never negative'),
];

/** Of entries in whole minor units; `scale` is the decimals of their amounts. */
export function entryColumns(kind: 'posted' | 'posted_fine'): readonly Column[] {
  return [
    column('document_number', 'text', 'Number of the entry, the same in every run of the month'),
    column('line_number', 'integer', 'Number of the line in its entry, from 1'),
    column('posting_date', 'date', 'Last UTC day of the month'),
    column('period', 'text', 'UTC month of the statement'),
    column(
      'corrects_month',
      'text',
      'Earlier, closed month that the entry corrects; null for none',
    ),
    column('memo', 'text', 'What the entry is'),
    column('issuer', 'text', 'Who issues the invoice'),
    column('account_id', 'text', 'Account at the provider'),
    column('invoice_number', 'text', 'The one invoice of the month; null for none or several'),
    column('invoice_date', 'date', 'Day of the invoice'),
    column('due_date', 'date', 'Day on which the invoice is due'),
    column('kind', 'text', 'expense, rounding, payable or wallet'),
    column('ledger_account', 'text', 'Account of the books, by exports.journal.chart'),
    column('settlement_account', 'text', 'The payable or wallet of the entry'),
    column('cost_centre', 'text', 'Cost centre of an expense'),
    column('cost_centre_name', 'text', 'Its name in the allocation file'),
    column('team', 'text', 'Team of an expense'),
    column('project', 'text', 'Project of an expense'),
    column('currency', 'text', 'Currency of debit, credit and amount'),
    column('debit', kind, 'Amount debited, never negative'),
    column('credit', kind, 'Amount credited, never negative'),
    column('amount', kind, 'The same with a sign, by exports.journal.sign'),
    column('asset', 'text', 'What is paid with, where it is no ISO 4217 currency'),
    column('asset_amount', 'amount', 'Exact amount of the asset'),
    column('rate', 'amount', 'functional_amount per amount: the average of the entry'),
    column('functional_currency', 'text', 'The reporting currency'),
    column('functional_amount', kind, 'amount in the functional currency'),
  ];
}

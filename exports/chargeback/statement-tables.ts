/** The tables of a statement. On a phone a row becomes a block, each value led by its column's name. */
import { type Html, html } from '../formats/html.ts';
import { grouped, rounded } from '../formats/minor-units.ts';
import { decimalsOf } from './currency-decimals.ts';
import type { StatementInvoice, StatementRate } from './manifest.ts';
import { type Cost, type Printed, type PrintedTotals, printCosts } from './statement-amounts.ts';
import { type ServiceRow, widthBar } from './statement-charts.ts';

/** Amounts are exact decimal texts in the billing currency. */
export interface CostRow extends Cost {
  readonly cost_centre: string | null;
  /** Null where the centre has no other name than its id. */
  readonly name: string | null;
  readonly shared_cost: string;
  readonly unused_commitment_cost: string;
  readonly correction_cost: string;
}

export interface LineRow extends Cost {
  /** How many lines the row sums; more than one only in rows without a line number. */
  readonly lines: number;
  readonly is_correction: boolean;
  readonly line: number | null;
  readonly provider: string | null;
  readonly service: string | null;
  readonly resource_id: string | null;
  readonly resource_name: string | null;
  readonly sku: string | null;
  readonly region: string | null;
  readonly meter: string | null;
  readonly cost_centre: string | null;
  readonly allocation_rule: string | null;
  readonly is_share: boolean;
  readonly commitment_status: string | null;
  readonly corrects_month: string | null;
  readonly quantity: string | null;
  readonly unit: string | null;
  readonly unit_price: string | null;
}

/** The reporting currency first, then what was billed in each currency, where there is another one. */
export function totalTable(totals: PrintedTotals, currency: string): Html {
  const head = html`<th scope="col" class="n">${currency}</th>`;
  const sum = html`<td class="n">${grouped(totals.reporting)}</td>`;
  if (totals.currencies.every((cost) => cost.currency === currency)) {
    return html`<table><caption>Total in ${currency}</caption><thead><tr><td></td>${head}</tr></thead><tbody>
<tr class="sum"><th scope="row">Total</th>${sum}</tr>
</tbody></table>`;
  }
  const rows = totals.currencies.map(
    (
      cost,
    ) => html`<tr><th scope="row">Billed in ${cost.currency}</th><td class="n">${grouped(cost.billed)} ${cost.currency}</td>
<td class="n">${grouped(cost.reporting)}</td></tr>
`,
  );
  return html`<table><caption>Total in ${currency}, and what is billed in each currency</caption>
<thead><tr><td></td><th scope="col" class="n">Billed</th>${head}</tr></thead><tbody>
<tr class="sum"><th scope="row">Total</th><td></td>${sum}</tr>
${rows}</tbody></table>`;
}

export function costTable(
  costs: readonly CostRow[],
  totals: PrintedTotals,
  currency: string,
): Html {
  const rows = printCosts(costs, totals, currency).map(
    ({ row, cost }) => html`<tr><th scope="row">${costCentreText(row)}</th>
<td class="n" data-label="incl. shares">${included(row.shared_cost, cost.currency)}</td><td class="n" data-label="incl. unused commitment">${included(row.unused_commitment_cost, cost.currency)}</td>
<td class="n" data-label="incl. corrections">${included(row.correction_cost, cost.currency)}</td>${costCells(cost, currency)}</tr>
`,
  );
  return html`<table class="stack"><caption>Cost by cost centre</caption><thead><tr><th scope="col">Cost centre</th>
<th scope="col" class="n">incl. shares</th><th scope="col" class="n">incl. unused commitment</th><th scope="col" class="n">incl. corrections</th>
${costHeads(currency)}</tr></thead><tbody>
${rows}${sumRow('All cost centres', 4, totals, currency)}</tbody></table>`;
}

export function costCentreText({ cost_centre: id, name }: CostRow): Html {
  if (id === null) return html`(no cost centre)`;
  return name === null ? html`<bdi>${id}</bdi>` : html`<bdi>${id}</bdi> <bdi>${name}</bdi>`;
}

/** A part of a cost; nothing where there is none. */
function included(amount: string, billing: string): string {
  return amount === '0' ? '' : grouped(rounded(amount, decimalsOf(billing)));
}

export function serviceTable(
  services: readonly ServiceRow[],
  totals: PrintedTotals,
  currency: string,
): Html {
  const rows = printCosts(services, totals, currency).map(
    ({
      row,
      cost,
    }) => html`<tr><th scope="row">${row.service}<br><small>${row.provider}</small></th>
<td class="wide">${widthBar(row.width)}</td><td class="n" data-label="Resources">${row.resources}</td>
<td class="n" data-label="Hours">${row.usage_hours}</td><td class="n" data-label="GPU-hours">${row.gpu_hours}</td>${costCells(cost, currency)}</tr>
`,
  );
  return html`<table class="stack"><caption>Cost by service</caption><thead><tr><th scope="col">Service</th><td class="wide"></td><th scope="col" class="n">Resources</th>
<th scope="col" class="n">Hours</th><th scope="col" class="n">GPU-hours</th>${costHeads(currency)}</tr></thead><tbody>
${rows}${sumRow('All services', 5, totals, currency)}</tbody></table>`;
}

export function lineTable(
  lines: readonly LineRow[],
  totals: PrintedTotals,
  { caption, currency }: { readonly caption: string; readonly currency: string },
): Html {
  const rows = printCosts(lines, totals, currency).map((printed) => lineRow(printed, currency));
  return html`<table class="stack"><caption>${caption}</caption><thead><tr><th scope="col">Resource</th><th scope="col">What</th>
<th scope="col">Why</th><th scope="col" class="n">Quantity</th><th scope="col" class="n">Unit price</th>${costHeads(currency)}</tr></thead><tbody>
${rows}${sumRow('All lines', 5, totals, currency)}</tbody></table>`;
}

function lineRow({ row: line, cost }: Printed<LineRow>, currency: string): Html {
  if (line.line === null) {
    return html`<tr><th scope="row" colspan="5">${line.lines} further lines, in the lines file</th>${costCells(cost, currency)}</tr>
`;
  }
  const id = line.resource_id ?? '';
  const name = line.resource_name ?? id;
  return html`<tr><th scope="row"><bdi>${name}</bdi>${name === id ? '' : html`<br><small><bdi>${id}</bdi></small>`}</th>
<td>${line.service ?? line.provider ?? ''}<br><small>${joined([line.sku, line.region, line.meter])}</small></td>
<td><small>${joined(reasons(line))}</small></td><td class="n" data-label="Quantity"><span>${line.quantity ?? ''} <small>${line.unit ?? ''}</small></span></td>
<td class="n" data-label="Unit price">${line.unit_price ?? ''}</td>${costCells(cost, currency)}</tr>
`;
}

/** Why the line is on this statement, in few words. */
function reasons(line: LineRow): (string | null)[] {
  return [
    line.cost_centre,
    `by ${line.allocation_rule}`,
    line.is_share ? 'share of a common cost' : null,
    line.commitment_status === 'Unused' ? 'unused commitment' : null,
    line.corrects_month === null ? null : `corrects ${line.corrects_month}`,
  ];
}

function joined(texts: readonly (string | null)[]): Html[] {
  return texts
    .filter((text) => text !== null)
    .map((text, index) => html`${index === 0 ? '' : ' \u00b7 '}<bdi>${text}</bdi>`);
}

/** Each currency's total, then the total in the reporting currency. */
function sumRow(title: string, span: number, totals: PrintedTotals, currency: string): Html {
  const [first, second] = totals.currencies;
  const billed =
    second === undefined && first !== undefined ? `${grouped(first.billed)} ${first.currency}` : '';
  return html`<tr class="sum"><th scope="row" colspan="${span}">${title}</th><td class="n" data-label="Cost">${billed}</td>
<td class="n" data-label="${currency}">${grouped(totals.reporting)}</td></tr>
`;
}

function costHeads(currency: string): Html {
  return html`<th scope="col" class="n">Cost</th><th scope="col" class="n">${currency}</th>`;
}

function costCells(
  { currency: billing, billed, reporting }: Printed<Cost>['cost'],
  currency: string,
): Html {
  return html`<td class="n" data-label="Cost">${grouped(billed)} ${billing}</td><td class="n" data-label="${currency}">${grouped(reporting)}</td>`;
}

export function rateTable(rates: readonly StatementRate[]): Html {
  const rows = rates.map(
    (
      rate,
    ) => html`<tr><th scope="row">1 ${rate.base_currency}</th><td class="n" data-label="Rate">${rate.rate} ${rate.quote_currency}</td>
<td data-label="From">${rate.valid_from}</td><td data-label="To before">${rate.valid_to ?? ''}</td><td data-label="Source">${rate.source}</td></tr>
`,
  );
  return html`<table class="stack"><caption>Exchange rates of the days of this statement</caption><thead><tr><th scope="col">Currency</th>
<th scope="col" class="n">Rate</th><th scope="col">From</th><th scope="col">To before</th><th scope="col">Source</th></tr></thead><tbody>
${rows}</tbody></table>`;
}

/** Whole invoices: a team's cost is a part of their net amounts. */
export function invoiceTable(invoices: readonly StatementInvoice[]): Html {
  const rows = invoices.map(
    (
      invoice,
    ) => html`<tr><th scope="row"><bdi>${invoice.invoice_number}</bdi>${invoice.is_credit_note ? ' (credit note)' : ''}</th>
<td data-label="Issuer"><bdi>${invoice.issuer_name}</bdi></td><td data-label="Account"><bdi>${invoice.account_id}</bdi></td><td data-label="Date">${invoice.invoice_date ?? ''}</td>
<td class="n" data-label="Net">${asIssued(invoice.net_amount)} ${invoice.currency}</td><td class="n" data-label="VAT">${asIssued(invoice.tax_amount)} ${invoice.currency}</td></tr>
`,
  );
  return html`<table class="stack"><caption>Invoices of the accounts of this statement, each as a whole</caption><thead><tr><th scope="col">Number</th>
<th scope="col">Issuer</th><th scope="col">Account</th><th scope="col">Date</th><th scope="col" class="n">Net</th><th scope="col" class="n">VAT</th></tr></thead><tbody>
${rows}</tbody></table>`;
}

/** 26148.4 becomes 26,148.40; digits after the second stay. */
export function asIssued(amount: string): string {
  const [whole = '', part = ''] = grouped(amount).split('.');
  return `${whole}.${part.padEnd(2, '0')}`;
}

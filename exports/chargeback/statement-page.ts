/** A team's statement: one HTML page that needs nothing else, reads on a phone and prints on A4. */
import { type Html, html } from '../formats/html.ts';
import { grouped } from '../formats/minor-units.ts';
import { omissionText, type StatementInvoice, type Summary } from './manifest.ts';
import { type PrintedTotals, partTotals, totalsOf } from './statement-amounts.ts';
import { type Changes, changeSection } from './statement-changes.ts';
import { type DayRow, dayChart, type ServiceRow } from './statement-charts.ts';
import type { StatementSettings } from './statement-settings.ts';
import { pageMargins, STATEMENT_STYLE } from './statement-style.ts';
import {
  type CostRow,
  costCentreText,
  costTable,
  invoiceTable,
  type LineRow,
  lineTable,
  rateTable,
  serviceTable,
  totalTable,
} from './statement-tables.ts';

/** A row of `statement_total.sql`. */
export interface TeamRow {
  readonly team: string;
  readonly first_line: string;
  readonly last_line: string;
  readonly lines: number;
  /** Exact, in the reporting currency. */
  readonly reporting_cost: string;
  readonly is_uncertain: boolean;
}

export interface StatementParts {
  readonly number: string;
  /** First and last UTC day. */
  readonly period: readonly [string, string];
  readonly settings: StatementSettings;
  readonly costs: readonly CostRow[];
  readonly changes: Omit<Changes, 'total'>;
  readonly days: readonly DayRow[];
  readonly services: readonly ServiceRow[];
  readonly lines: readonly LineRow[];
  readonly invoices: readonly StatementInvoice[];
}

export function statementPage(team: TeamRow, summary: Summary, parts: StatementParts): string {
  const { month, reporting_currency: currency } = summary;
  const totals = totalsOf(parts.costs, currency);
  const changes = { ...parts.changes, total: totals.reporting };
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${team.team}: statement for ${month}</title>
${STATEMENT_STYLE}
${pageMargins(`Statement ${parts.number}`)}
</head>
<body>
${header(team, summary, parts, totals)}
${omissionSection(summary)}
<section><h2>Total</h2>${totalTable(totals, currency)}</section>
${changeSection(changes, currency)}
<section><h2>Cost per day, ${currency}</h2>${dayChart(parts.days, currency)}</section>
<section><h2>By cost centre</h2>${costTable(parts.costs, totals, currency)}</section>
<section><h2>By service</h2>${serviceTable(parts.services, totals, currency)}</section>
${lineSections(parts.lines, totals, summary)}
${rateSection(summary, totals)}
${parts.invoices.length === 0 ? '' : html`<section><h2>Invoices of the month</h2>${invoiceTable(parts.invoices)}</section>`}
${footer(team, summary)}
</body>
</html>
`.text;
}

function header(
  team: TeamRow,
  summary: Summary,
  { number, period, settings, costs, invoices }: StatementParts,
  totals: PrintedTotals,
): Html {
  const { month, reporting_currency: currency } = summary;
  const centres = new Map(costs.map((cost) => [cost.cost_centre, costCentreText(cost)]));
  const facts: [string, Html][] = [
    ['Statement', html`${number}`],
    ['Period', html`${period[0]} to ${period[1]} (UTC days)`],
    ['Cost centre', html`${[...centres.values()].map((text) => html`<div>${text}</div>`)}`],
  ];
  if (settings.sender.length > 0) {
    facts.push(['From', html`${settings.sender.map((line) => html`<div>${line}</div>`)}`]);
  }
  if (settings.contact !== undefined) facts.push(['Contact', html`${settings.contact}`]);
  const items = facts.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
  );
  return html`<header>
<p class="kind">Statement for compute, ${month}</p>
<h1><bdi>${team.team}</bdi></h1>
<p class="total">${grouped(totals.reporting)} <small>${currency}</small></p>
<p>${stateSentence(summary)}${hasTax(invoices) ? ' Amounts exclude VAT.' : ''}</p>
<dl>
${items}</dl>
</header>`;
}

export function stateSentence({ sources }: Summary): string {
  return sources.state === 'closed'
    ? `Closed at ${wholeSeconds(sources.closed_at)}: this statement does not change any more.`
    : `Not closed yet: these figures can still change. Known up to ${wholeSeconds(sources.last_run_clock)}.`;
}

/** An instant as it is written everywhere else; `nothing` for none. */
function wholeSeconds(instant: string | null): string {
  return instant?.replace(/\.\d+Z$/, 'Z') ?? 'nothing';
}

/** Whether an issuer charges VAT beside the amounts that are shared out. */
export function hasTax(invoices: readonly StatementInvoice[]): boolean {
  return invoices.some((invoice) => invoice.tax_amount !== '0');
}

/** Of all teams: usage without a price has no cost that could be allocated. */
export function omissionSection({ omissions, month }: Summary): Html | '' {
  if (omissions.length === 0) return '';
  const items = omissions.map(
    (row) => html`<li>${omissionText(row)}</li>
`,
  );
  return html`<section><h2>Not in this statement</h2>
<p>The statements of ${month} leave these costs out, for all teams together:</p>
<ul>${items}</ul></section>`;
}

/** The lines of the month, and apart from them those that correct earlier months. */
function lineSections(lines: readonly LineRow[], totals: PrintedTotals, summary: Summary): Html[] {
  const { month, reporting_currency: currency } = summary;
  const sections = [
    { title: 'Lines', caption: `Lines of ${month}`, isCorrection: false },
    {
      title: 'Corrections',
      caption: 'Corrections of earlier months, which stay as they were closed',
      isCorrection: true,
    },
  ].map((section) => ({
    ...section,
    lines: lines.filter((line) => line.is_correction === section.isCorrection),
  }));
  const parts = partTotals(
    sections.map((section) => section.lines),
    totals,
    currency,
  );
  return sections.flatMap(({ title, caption, lines: own }, index) => {
    const part = parts[index];
    if (own.length === 0 || part === undefined) return [];
    return [
      html`<section class="lines"><h2>${title}</h2>${lineTable(own, part, { caption, currency })}</section>
`,
    ];
  });
}

function rateSection({ exchange_rates: rates }: Summary, totals: PrintedTotals): Html | '' {
  const used = rates.filter((rate) =>
    totals.currencies.some((cost) => cost.currency === rate.base_currency),
  );
  if (used.length === 0) return '';
  return html`<section><h2>Exchange rates</h2>${rateTable(used)}</section>`;
}

function footer(team: TeamRow, { sources, month, reporting_currency: currency }: Summary): Html {
  return html`<footer>
<p>Amounts are rounded so that each table adds up to the total; the lines file has them exactly. Amounts
in ${currency} are converted with the rate of each day.${team.is_uncertain ? ' Some costs are estimated: the lines file says by how much they can be wrong.' : ''}</p>
<p>Meterhouse, ledger run ${sources.last_run_id ?? 'none'}. The SHA-256 of this page is in
chargeback-${month}-manifest.json.</p>
</footer>`;
}

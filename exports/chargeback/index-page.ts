/** The first page of a month: all teams, totals, and links to every file. It needs nothing but itself. */
import path from 'node:path';
import type { WrittenFile } from '../formats/file-output.ts';
import { type Html, html } from '../formats/html.ts';
import { INDEX_STYLE } from './index-style.ts';
import { manifestName, type Summary } from './manifest.ts';
import { type DayRow, dayChart, widthBar } from './statement-charts.ts';
import { omissionSection, stateSentence } from './statement-page.ts';
import { asIssued } from './statement-tables.ts';

/** A row of `index_teams.sql`. Amounts of all these rows are texts for people, rounded. */
export interface IndexTeam {
  /** Null: all teams. */
  readonly team: string | null;
  readonly cost_centres: string;
  readonly lines: number;
  readonly reporting_cost: string;
  /** Thousandths of the widest bar. */
  readonly width: number;
  readonly percent: string;
}

/** A row of `index_providers.sql`. */
export interface IndexProvider {
  /** Null: all providers in this currency. */
  readonly provider: string | null;
  readonly billing_currency: string;
  readonly billed_cost: string;
  readonly reporting_cost: string;
  readonly width: number;
}

export interface IndexParts {
  readonly teams: readonly IndexTeam[];
  readonly providers: readonly IndexProvider[];
  readonly days: readonly DayRow[];
  /** Every file but this page and the manifest. */
  readonly files: readonly WrittenFile[];
  /** The file name of a team's statement. */
  readonly pageOf: (team: string) => string;
}

export function indexPage(summary: Summary, parts: IndexParts): string {
  const { month, reporting_currency: currency } = summary;
  const all = parts.teams.find(({ team }) => team === null);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chargeback ${month}</title>
${INDEX_STYLE}
</head>
<body>
<header>
<p class="kind">Chargeback for compute</p>
<h1>${month}</h1>
<p class="total">${all?.reporting_cost ?? '0.00'} <small>${currency}</small></p>
<p>${stateSentence(summary)} Amounts are without tax.</p>
</header>
${omissionSection(summary)}
<section><h2>By team, ${currency}</h2>${teamTable(parts, currency)}</section>
<section><h2>Cost per day, ${currency}</h2>${dayChart(parts.days, currency)}</section>
<section><h2>By provider</h2>${providerTable(parts.providers, currency)}</section>
${invoiceSection(summary)}
<section><h2>Files</h2>${fileTable(parts.files, month)}</section>
<footer><p>Meterhouse, ledger run ${summary.sources.last_run_id ?? 'none'}. Amounts are rounded to two places
here, each by itself; the lines file has them exactly. The manifest has the SHA-256 of every file: <code>meterhouse
chargeback verify</code> compares.</p></footer>
</body>
</html>
`.text;
}

function teamTable({ teams, pageOf }: IndexParts, currency: string): Html {
  const rows = teams.map(({ team, cost_centres: centres, lines, percent, width, ...row }) =>
    team === null
      ? html`<tr class="sum"><th scope="row">All teams</th><td class="wide"></td><td class="wide"></td>
<td class="n wide">${lines}</td><td class="n">${percent}%</td><td class="n">${row.reporting_cost}</td></tr>
`
      : html`<tr><th scope="row"><a href="${pageOf(team)}"><bdi>${team}</bdi></a></th><td class="wide"><bdi>${centres}</bdi></td>
<td class="wide">${widthBar(width)}</td><td class="n wide">${lines}</td><td class="n">${percent}%</td>
<td class="n">${row.reporting_cost}</td></tr>
`,
  );
  return html`<table><caption>Cost by team in ${currency}</caption><thead><tr><th scope="col">Team</th><th scope="col" class="wide">Cost centre</th>
<td class="wide"></td><th scope="col" class="n wide">Lines</th><th scope="col" class="n">Share</th>
<th scope="col" class="n">${currency}</th></tr></thead><tbody>
${rows}</tbody></table>`;
}

function providerTable(providers: readonly IndexProvider[], currency: string): Html {
  const rows = providers.map(({ provider, width, billing_currency: billing, ...row }) => {
    const bar = provider === null ? '' : widthBar(width);
    return html`<tr${provider === null ? html` class="sum"` : ''}><th scope="row">${provider ?? `All in ${billing}`}</th>
<td class="wide">${bar}</td><td class="n">${row.billed_cost} ${billing}</td><td class="n">${row.reporting_cost}</td></tr>
`;
  });
  return html`<table><caption>Cost by provider and currency</caption><thead><tr><th scope="col">Provider</th><td class="wide"></td>
<th scope="col" class="n">Billed</th><th scope="col" class="n">${currency}</th></tr></thead><tbody>
${rows}</tbody></table>`;
}

function invoiceSection({ invoices }: Summary): Html | '' {
  if (invoices.length === 0) return '';
  const rows = invoices.map(
    (
      invoice,
    ) => html`<tr><th scope="row"><bdi>${invoice.invoice_number}</bdi>${invoice.is_credit_note ? ' (credit note)' : ''}</th>
<td class="wide">${invoice.issuer_name}</td><td class="wide">${invoice.invoice_date ?? ''}</td>
<td class="n">${asIssued(invoice.net_amount)} ${invoice.currency}</td><td class="n">${asIssued(invoice.tax_amount)} ${invoice.currency}</td></tr>
`,
  );
  return html`<section><h2>Invoices of the month</h2><table><caption>Invoices of the month</caption><thead><tr><th scope="col">Number</th>
<th scope="col" class="wide">Issuer</th><th scope="col" class="wide">Date</th><th scope="col" class="n">Net</th>
<th scope="col" class="n">Tax</th></tr></thead><tbody>
${rows}</tbody></table></section>`;
}

/** What files are, by how their names end after the month. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^lines\./, 'Every line: resource, meter, quantity, cost'],
  [/^teams\.csv$/, 'One line per team, cost centre and currency'],
  [/^workbook\.xlsx$/, 'Lines, teams and journal for a spreadsheet'],
  [/^team-/, 'Statement of a team'],
  [/^journal\.csv$/, 'Journal with exact amounts'],
  [/^journal-entries\.csv$/, 'Journal in whole minor units, to be posted'],
  [/^journal-/, 'The same for one bookkeeping program'],
];

function fileTable(files: readonly WrittenFile[], month: string): Html {
  const rows = files.map(({ file, bytes }) => {
    const name = path.basename(file);
    const part = name.slice(name.indexOf(month) + month.length + 1);
    const meaning = MEANINGS.find(([pattern]) => pattern.test(part))?.[1] ?? '';
    return html`<tr><th scope="row"><a href="${name}">${part}</a></th><td class="wide">${meaning}</td>
<td class="n">${sizeText(bytes)}</td></tr>
`;
  });
  return html`<table><caption>Files of the month</caption><thead><tr><th scope="col">File</th><th scope="col" class="wide">What it has</th>
<th scope="col" class="n">Size</th></tr></thead><tbody>
${rows}<tr><th scope="row"><a href="${manifestName(month)}">manifest.json</a></th>
<td class="wide">Hashes, totals, rates, and what the figures rest on</td><td></td></tr>
</tbody></table>`;
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A team's statement: one HTML page that needs nothing else and prints on A4. */
import { type Html, html } from '../formats/html.ts';
import { omissionText, type Summary } from './manifest.ts';
import { type DayRow, dayChart, type ServiceRow, widthBar } from './statement-charts.ts';
import { STATEMENT_STYLE } from './statement-style.ts';

/** A row of `statement_total.sql`. Amounts of all these rows are texts for people, rounded. */
export interface TeamRow {
  readonly team: string;
  readonly first_line: string;
  readonly last_line: string;
  readonly lines: number;
  readonly reporting_cost: string;
  readonly is_uncertain: boolean;
}

export interface CostRow {
  readonly cost_centre: string;
  readonly billing_currency: string;
  readonly is_total: boolean;
  readonly billed_cost: string;
  readonly shared_cost: string;
  readonly unused_commitment_cost: string;
  readonly correction_cost: string;
  readonly reporting_cost: string;
}

export interface LineRow {
  /** How many lines the row sums; more than one only in rows without a line number. */
  readonly lines: number;
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
  readonly billing_currency: string;
  readonly billed_cost: string;
  readonly reporting_cost: string;
}

export interface StatementParts {
  readonly costs: readonly CostRow[];
  readonly days: readonly DayRow[];
  readonly services: readonly ServiceRow[];
  readonly lines: readonly LineRow[];
}

export function statementPage(team: TeamRow, summary: Summary, parts: StatementParts): string {
  const { month, reporting_currency: currency } = summary;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${team.team}: statement for ${month}</title>
${STATEMENT_STYLE}
</head>
<body>
<header>
<p class="kind">Statement for compute, ${month}</p>
<h1>${team.team}</h1>
<p class="total">${team.reporting_cost} <small>${currency}</small></p>
<p>${stateSentence(summary)}</p>
</header>
${omissionSection(summary)}
<section><h2>Cost per day, ${currency}</h2>${dayChart(parts.days, currency)}</section>
<section><h2>By cost centre</h2>${costTable(parts.costs, currency)}</section>
<section><h2>By service</h2>${serviceTable(parts.services, currency)}</section>
<section class="lines"><h2>Lines</h2>${lineTable(parts.lines, currency)}</section>
${footer(team, summary)}
</body>
</html>
`.text;
}

export function stateSentence({ sources }: Summary): string {
  return sources.state === 'closed'
    ? `Closed at ${sources.closed_at}: this statement does not change any more.`
    : `Not closed yet: these figures can still change. Known up to ${sources.last_run_clock ?? 'nothing'}.`;
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

function costTable(costs: readonly CostRow[], currency: string): Html {
  const rows = costs.map(
    (cost) => html`<tr${cost.is_total ? html` class="sum"` : ''}>
<td>${cost.is_total ? 'All of it' : cost.cost_centre}</td><td>${cost.billing_currency}</td>
<td class="n">${cost.shared_cost}</td><td class="n">${cost.unused_commitment_cost}</td>
<td class="n">${cost.correction_cost}</td><td class="n">${cost.billed_cost}</td>
<td class="n">${cost.reporting_cost}</td></tr>
`,
  );
  return html`<table><thead><tr><th>Cost centre</th><th>Currency</th><th class="n">of it shares</th>
<th class="n">of it unused commitment</th><th class="n">of it corrections</th><th class="n">Cost</th>
<th class="n">${currency}</th></tr></thead><tbody>
${rows}</tbody></table>`;
}

function serviceTable(services: readonly ServiceRow[], currency: string): Html {
  const rows = services.map(
    (service) => html`<tr><td>${service.service}<br><small>${service.provider}</small></td>
<td>${widthBar(service.width)}</td><td class="n">${service.resources}</td>
<td class="n">${service.usage_hours}</td><td class="n">${service.gpu_hours}</td>
<td class="n">${service.billed_cost} ${service.billing_currency}</td>
<td class="n">${service.reporting_cost}</td></tr>
`,
  );
  return html`<table><thead><tr><th>Service</th><th></th><th class="n">Resources</th>
<th class="n">Hours</th><th class="n">GPU-hours</th><th class="n">Cost</th>
<th class="n">${currency}</th></tr></thead><tbody>
${rows}</tbody></table>`;
}

function lineTable(lines: readonly LineRow[], currency: string): Html {
  return html`<table><thead><tr><th>Resource</th><th>What</th><th>Why</th><th class="n">Quantity</th>
<th class="n">Unit price</th><th class="n">Cost</th><th class="n">${currency}</th></tr></thead><tbody>
${lines.map(lineRow)}</tbody></table>`;
}

function lineRow(line: LineRow): Html {
  const cost = html`<td class="n">${line.billed_cost} ${line.billing_currency}</td><td class="n">${line.reporting_cost}</td></tr>
`;
  if (line.line === null) {
    return html`<tr class="sum"><td colspan="5">${line.lines} further lines, in the lines file</td>${cost}`;
  }
  return html`<tr><td>${line.resource_name ?? line.resource_id ?? ''}<br><small>${line.resource_id ?? ''}</small></td>
<td>${line.service ?? line.provider ?? ''}<br><small>${present([line.sku, line.region, line.meter])}</small></td>
<td><small>${reasons(line)}</small></td><td class="n">${line.quantity ?? ''}<br><small>${line.unit ?? ''}</small></td>
<td class="n">${line.unit_price ?? ''}</td>${cost}`;
}

/** Why the line is on this statement, in few words. */
function reasons(line: LineRow): string {
  return present([
    line.cost_centre,
    `by ${line.allocation_rule}`,
    line.is_share ? 'share of a common cost' : null,
    line.commitment_status === 'Unused' ? 'unused commitment' : null,
    line.corrects_month === null ? null : `corrects ${line.corrects_month}`,
  ]);
}

function present(texts: readonly (string | null)[]): string {
  return texts.filter((text) => text !== null).join(' \u00b7 ');
}

function footer(team: TeamRow, summary: Summary): Html {
  const { sources, exchange_rates: rates, month, reporting_currency: currency } = summary;
  const rateItems = rates.map(
    (rate) =>
      html`<li>1 ${rate.base_currency} = ${rate.rate} ${rate.quote_currency} from ${rate.valid_from} (${rate.source})</li>
`,
  );
  return html`<footer>
${rates.length === 0 ? '' : html`<h2>Exchange rates</h2><ul>${rateItems}</ul>`}
<p>Amounts are rounded to two places here, each by itself; the lines file has them exactly. Amounts
in ${currency} are converted with the rate of each day.${team.is_uncertain ? ' Some costs are estimated: the lines file says by how much they can be wrong.' : ''}</p>
<p>Meterhouse, ledger run ${sources.last_run_id ?? 'none'}. The SHA-256 of this page is in
chargeback-${month}-manifest.json.</p>
</footer>`;
}

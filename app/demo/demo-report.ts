/** What the demo tells at its end: spend, agreement with the simulators' invoices, and where to look on. */
import path from 'node:path';
import { writeChargeback } from '../../exports/chargeback/write-chargeback.ts';
import { dayOf, monthOf, monthRange } from '../../foundation/months.ts';
import type { ReportFailure } from '../../transforms/marts/refresh-reports.ts';
import { providerTable, teamTable } from '../commands/status.ts';
import { Knowledge } from '../knowledge.ts';
import { resolveMonthBefore } from '../month-before.ts';
import { formatAmount, sparkline, table } from '../output.ts';
import type { Pipeline } from '../pipeline.ts';
import { readSourceAgreement, type SourceAgreement } from '../reconciliation.ts';
import { type DaySpend, spendByDay, spendByProvider, spendByTeam } from '../spend.ts';
import {
  agreementByService,
  type ServiceAgreement,
  type UnexplainedLine,
  unexplainedLines,
} from './agreement.ts';
import type { LivedThrough } from './live-through.ts';

const DAY_MS = 86_400_000;
const UNEXPLAINED_LINES_SHOWN = 10;

/** The instants that the demo lives through, and until when its world could go on. */
export interface DemoTime {
  readonly startMs: number;
  readonly endMs: number;
  readonly worldEndMs: number;
}

type Report = Awaited<ReturnType<typeof readReport>>;
export type Summary = Report & {
  readonly lived: LivedThrough;
  readonly seed: string;
  readonly days: number;
  readonly seconds: number;
  readonly memory_mb: number;
  readonly database: string;
  readonly configuration: string;
};

/** Refreshes the reports and writes the chargeback of the last whole month to `folder`. */
export async function readReport(
  pipeline: Pipeline,
  invoice: Parameters<typeof agreementByService>[1],
  { startMs, endMs }: DemoTime,
  folder: string,
) {
  const { pool } = pipeline.warehouse;
  const lived = await Knowledge.of(null, {
    from: dayOf(startMs),
    to: dayOf(endMs + DAY_MS - 1),
  });
  const lastFullMonth = monthOf(monthStartMs(endMs) - 1);
  const statement = await Knowledge.of(null, monthRange(lastFullMonth));
  refuseFailures(await pipeline.refreshReports());
  const chargeback = await writeChargeback(pool, {
    month: lastFullMonth,
    reportingCurrency: pipeline.configuration.reportingCurrency,
    folder: path.join(folder, 'chargeback'),
    journal: pipeline.configuration.journal,
    statements: pipeline.configuration.statements,
    resolve: (text) => statement.resolve(text),
    resolveBefore: await resolveMonthBefore(pool, pipeline.configuration, {
      month: lastFullMonth,
      asOfMs: null,
    }),
  });
  return {
    reporting_currency: pipeline.configuration.reportingCurrency,
    providers: await spendByProvider(pool, lived),
    teams: await spendByTeam(pool, lived),
    days_spend: await spendByDay(pool, lived),
    agreement: await agreementByService(pool, invoice),
    reconciliation: await readSourceAgreement(pool),
    unexplained: await unexplainedLines(pool, invoice, UNEXPLAINED_LINES_SHOWN),
    chargeback,
  };
}

export function textOf(summary: Summary, { startMs, endMs }: DemoTime): string {
  const currency = summary.reporting_currency;
  const from = dayOf(startMs);
  return [
    `\nSpend by provider, ${from} to ${dayOf(endMs)}\n\n`,
    providerTable(summary.providers, currency),
    `\nSpend by team\n\n`,
    teamTable(summary.teams, currency),
    `\nSpend by day\n\n${dayChart(summary.days_spend, currency)}`,
    `\nAgreement with the providers' own invoices\n\n`,
    agreementTable(summary.agreement),
    unexplainedTable(summary.unexplained),
    `\nThe ledger and the figures that the providers' APIs state\n\n`,
    sourceTable(summary.reconciliation),
    `\n${summary.lived.steps} steps, ${summary.lived.sweeps} sweeps, ` +
      `${summary.lived.requests} requests; ${summary.seconds} s, ${summary.memory_mb} MB\n`,
    `\nchargeback     ${summary.chargeback.files.map(({ file }) => file).join('\n               ')}\n`,
    `open first     ${summary.chargeback.indexFile}\n`,
    `database       ${summary.database}\n`,
    `next           npm run meterhouse -- status --config ${summary.configuration} --now ${new Date(endMs).toISOString()}\n`,
    `               and in its place: check, explain, allocate, coverage, waste, utilisation, close\n`,
  ].join('');
}

const CHART_DAYS_PER_LINE = 60;

function dayChart(days: readonly DaySpend[], currency: string): string {
  const lines: string[] = [];
  for (let first = 0; first < days.length; first += CHART_DAYS_PER_LINE) {
    const part = days.slice(first, first + CHART_DAYS_PER_LINE);
    // Bar heights are for the eye; the exact amounts stay texts.
    const bars = sparkline(part.map((day) => Number(day.reporting_cost)));
    lines.push(`${part[0]?.cost_date ?? ''}  ${bars}  ${part.at(-1)?.cost_date ?? ''}`);
  }
  const mostExpensive = days.toSorted(
    (a, b) => Number(b.reporting_cost) - Number(a.reporting_cost),
  )[0];
  if (mostExpensive !== undefined) {
    lines.push(
      `most expensive day: ${mostExpensive.cost_date}, ${formatAmount(mostExpensive.reporting_cost)} ${currency}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function agreementTable(rows: readonly ServiceAgreement[]): string {
  return table(rows, [
    { title: 'provider', value: (row) => row.service },
    { title: 'invoiced', value: (row) => formatAmount(row.invoiced, 6), align: 'right' },
    { title: 'metered', value: (row) => formatAmount(row.metered, 6), align: 'right' },
    { title: '', value: (row) => row.currency },
    { title: 'difference', value: (row) => row.difference, align: 'right' },
    { title: 'lines', value: (row) => String(row.lines), align: 'right' },
    { title: 'equal', value: (row) => String(row.lines_equal), align: 'right' },
    {
      title: 'within uncertainty',
      value: (row) => String(row.lines_within_uncertainty),
      align: 'right',
    },
    { title: 'unexplained', value: (row) => String(row.lines_unexplained), align: 'right' },
  ]);
}

function sourceTable(rows: readonly SourceAgreement[]): string {
  return table(rows, [
    { title: 'provider', value: (row) => row.provider },
    { title: 'against', value: (row) => row.source },
    { title: 'lines', value: (row) => String(row.lines), align: 'right' },
    { title: 'matched', value: (row) => String(row.lines_matched), align: 'right' },
    { title: 'explained', value: (row) => String(row.lines_explained), align: 'right' },
    { title: 'unexplained', value: (row) => String(row.lines_unexplained), align: 'right' },
    { title: '', value: (row) => (row.is_proof ? '' : 'cross-check') },
  ]);
}

function unexplainedTable(rows: readonly UnexplainedLine[]): string {
  if (rows.length === 0) return '';
  return `\nUnexplained differences\n\n${table(rows, [
    { title: 'provider', value: (row) => row.service },
    { title: 'resource', value: (row) => row.resource_id },
    { title: 'month', value: (row) => row.month },
    { title: 'invoiced', value: (row) => row.invoiced, align: 'right' },
    { title: 'metered', value: (row) => row.metered, align: 'right' },
    { title: '', value: (row) => row.currency },
    { title: 'may be wrong by', value: (row) => row.uncertainty, align: 'right' },
  ])}`;
}

function monthStartMs(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
}

function refuseFailures(failures: readonly ReportFailure[]): void {
  const [first] = failures;
  if (first !== undefined) throw new Error(`the report ${first.report} failed: ${first.reason}`);
}

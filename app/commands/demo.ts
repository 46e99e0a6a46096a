/**
 * `meterhouse demo`: the whole product on one machine without a key: an embedded warehouse, the
 * simulated providers, 90 simulated days, and the ledger held against the providers' own invoices.
 */
import path from 'node:path';
import { writeChargeback } from '../../exports/chargeback.ts';
import type { HurtName } from '../../simulator/provider.ts';
import { startSimulation } from '../../simulator/simulation.ts';
import { SteppedClock } from '../clock.ts';
import { type Configuration, readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { resetEmbeddedDatabase } from '../database.ts';
import {
  agreementByService,
  type ServiceAgreement,
  type UnexplainedLine,
  unexplainedLines,
} from '../demo/agreement.ts';
import { closeDueMonths } from '../demo/close-due-months.ts';
import { DEMO_ACCOUNTS, type DemoDatabase, writeDemoFolder } from '../demo/demo-folder.ts';
import { emptyWarehouse } from '../demo/empty-warehouse.ts';
import { keepTime } from '../demo/keep-time.ts';
import { type LivedThrough, liveThrough } from '../demo/live-through.ts';
import { CheckFailedError } from '../errors.ts';
import { Knowledge } from '../knowledge.ts';
import { dayOf, monthOf, monthRange } from '../months.ts';
import { watchBudgets } from '../notify/watch-budgets.ts';
import { formatAmount, sparkline, table } from '../output.ts';
import { Pipeline } from '../pipeline.ts';
import { letReaderLogIn } from '../reader-login.ts';
import { readSourceAgreement, type SourceAgreement } from '../reconciliation.ts';
import { type DaySpend, spendByDay, spendByProvider, spendByTeam } from '../spend.ts';
import { providerTable, teamTable } from './status.ts';
import { upCommand } from './up.ts';

export interface DemoOptions {
  readonly days: number;
  readonly seed: string;
  readonly scale: number;
  /** Folder for database, configuration and chargeback files. */
  readonly out: string;
  readonly database: DemoDatabase;
  /** True: the days end now, and the world goes on in real time until it is stopped. */
  readonly isLive: boolean;
}

/** The instants that the demo lives through, and until when its world could go on. */
interface DemoTime {
  readonly startMs: number;
  readonly endMs: number;
  readonly worldEndMs: number;
}

const DAY_MS = 86_400_000;
/** The demo's world begins on a fixed day, so that one seed always tells the same story. */
const WORLD_START_MS = Date.UTC(2026, 7, 1);
const TRANSFORM_SCHEDULE = '30 0 * * *';
/** The daemon forecasts every hour; the demo, which is in a hurry, every third day. */
const DAYS_PER_OUTLOOK = 3;
/** What providers do to a bill now and then, and a ledger has to correct. */
const HURTS: ReadonlySet<HurtName> = new Set(['late-contract', 'restated-month']);
const UNEXPLAINED_LINES_SHOWN = 10;

export async function demoCommand(context: Context, options: DemoOptions): Promise<void> {
  const startedMs = performance.now();
  const time = demoTime(context, options);
  const simulation = await startSimulation({
    seed: options.seed,
    startMs: time.startMs,
    endMs: time.worldEndMs,
    scale: options.scale,
    firstPort: 0,
    hurts: HURTS,
  });
  try {
    const folder = path.resolve(options.out);
    const configFile = await writeDemoFolder(folder, simulation, options.database);
    const configuration = await readConfiguration(configFile, context.environment);
    const clock = new SteppedClock(time.startMs);
    const pipeline = await openEmptied(configuration, clock, context);
    try {
      const lived = await liveThrough({
        pipeline,
        clock,
        advanceWorld: (toMs) => simulation.clock.advanceTo(toMs),
        fromMs: time.startMs,
        toMs: time.endMs,
        transformSchedule: TRANSFORM_SCHEDULE,
        afterTransform: async (nowMs, count) => {
          if (count % DAYS_PER_OUTLOOK === 0) await pipeline.keepOutlook();
          await closeDueMonths(pipeline, nowMs);
        },
        signal: context.signal,
        onStep: (nowMs) =>
          context.progress.report(
            nowMs - time.startMs,
            time.endMs - time.startMs,
            `living through ${dayOf(nowMs)}`,
          ),
      });
      context.progress.finish();
      await watchBudgets(pipeline.warehouse.pool, { ...context, configuration, clock });
      const report = await readReport(pipeline, simulation.invoice(), time, folder);
      const summary = {
        ...report,
        lived,
        seed: options.seed,
        days: options.days,
        seconds: Math.round((performance.now() - startedMs) / 1000),
        memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
        database: pipeline.warehouse.description,
        configuration: configFile,
      };
      present(context, summary, () => textOf(summary, time));
      throwOnDisagreement(report.agreement, lived);
    } finally {
      await pipeline.close();
    }
    if (!options.isLive) return;
    await Promise.all([
      keepTime(simulation.clock, context, 1),
      upCommand({ ...context, configFile }),
    ]);
  } finally {
    await simulation.close();
  }
}

function demoTime(context: Context, { days, isLive }: DemoOptions): DemoTime {
  if (!isLive) {
    const endMs = WORLD_START_MS + days * DAY_MS;
    return { startMs: WORLD_START_MS, endMs, worldEndMs: endMs };
  }
  const endMs = context.clock.nowMs();
  const startMs = (Math.floor(endMs / DAY_MS) - days) * DAY_MS;
  return { startMs, endMs, worldEndMs: endMs + days * DAY_MS };
}

async function openEmptied(
  configuration: Configuration,
  clock: SteppedClock,
  context: Context,
): Promise<Pipeline> {
  const { database, readerPassword } = configuration;
  if (database.kind === 'url') {
    await emptyWarehouse(database.url, Object.values(DEMO_ACCOUNTS));
  } else {
    await resetEmbeddedDatabase(database.folder);
  }
  const location = database.kind === 'url' ? database : { ...database, isDurable: false };
  const pipeline = await Pipeline.open(
    { ...configuration, database: location },
    clock,
    context.log,
  );
  if (readerPassword !== null) await letReaderLogIn(pipeline.warehouse.pool, readerPassword);
  return pipeline;
}

type Report = Awaited<ReturnType<typeof readReport>>;
type Summary = Report & {
  readonly lived: LivedThrough;
  readonly seed: string;
  readonly days: number;
  readonly seconds: number;
  readonly memory_mb: number;
  readonly database: string;
  readonly configuration: string;
};

async function readReport(
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
  await pipeline.refreshReports();
  const chargeback = await writeChargeback(pool, {
    month: lastFullMonth,
    reportingCurrency: pipeline.configuration.reportingCurrency,
    folder: path.join(folder, 'chargeback'),
    resolve: (text) => statement.resolve(text),
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

function textOf(summary: Summary, { startMs, endMs }: DemoTime): string {
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
    `database       ${summary.database}\n`,
    `look around    npm run meterhouse -- status --config ${summary.configuration} --now ${new Date(endMs).toISOString()}\n`,
    `               and in its place: check, explain, allocate, coverage, waste, close\n`,
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
  const dearest = days.toSorted((a, b) => Number(b.reporting_cost) - Number(a.reporting_cost))[0];
  if (dearest !== undefined) {
    lines.push(
      `dearest day: ${dearest.cost_date}, ${formatAmount(dearest.reporting_cost)} ${currency}`,
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

function throwOnDisagreement(agreement: readonly ServiceAgreement[], lived: LivedThrough): void {
  const unexplained = agreement.reduce((sum, row) => sum + row.lines_unexplained, 0);
  if (unexplained > 0) {
    throw new CheckFailedError(
      `${unexplained} resource-month(s) differ from the simulator's invoices by more than the ledger's own uncertainty`,
    );
  }
  if (lived.failures.length > 0) {
    throw new CheckFailedError(`${lived.failures.length} sweep(s) failed: ${lived.failures[0]}`);
  }
}

function monthStartMs(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
}

/**
 * `meterhouse demo`: the whole product on one machine without a key: an embedded warehouse, the
 * simulated providers, 90 simulated days, and the ledger held against the providers' own invoices.
 */
import path from 'node:path';
import { CheckFailedError } from '../../foundation/errors.ts';
import { dayOf } from '../../foundation/months.ts';
import type { WorldFault } from '../../simulator/provider.ts';
import { startSimulation } from '../../simulator/simulation.ts';
import { SteppedClock } from '../clock.ts';
import { type Configuration, readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { resetEmbeddedDatabase } from '../database.ts';
import type { ServiceAgreement } from '../demo/agreement.ts';
import { Bookkeeping } from '../demo/bookkeeping.ts';
import {
  DEMO_ACCOUNTS,
  DEMO_METRICS_ACCOUNT,
  type DemoDatabase,
  writeDemoFolder,
} from '../demo/demo-folder.ts';
import { type DemoTime, readReport, type Summary, textOf } from '../demo/demo-report.ts';
import { emptyWarehouse } from '../demo/empty-warehouse.ts';
import { keepTime } from '../demo/keep-time.ts';
import { type LivedThrough, liveThrough } from '../demo/live-through.ts';
import { watchBudgets } from '../notify/watch-budgets.ts';
import { Pipeline } from '../pipeline.ts';
import { letReaderLogIn } from '../reader-login.ts';
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

const DAY_MS = 86_400_000;
/** The demo's world begins on a fixed day, so that one seed always tells the same story. */
const WORLD_START_MS = Date.UTC(2026, 7, 1);
const TRANSFORM_SCHEDULE = '30 0 * * *';
/** Providers restate what is over: that is what reversals and closed months are for. */
const WORLD_FAULTS: ReadonlySet<WorldFault> = new Set(['late-contract', 'restated-month']);

export async function demoCommand(context: Context, options: DemoOptions): Promise<void> {
  const startedMs = performance.now();
  const time = demoTime(context, options);
  const simulation = await startSimulation({
    seed: options.seed,
    startMs: time.startMs,
    endMs: time.worldEndMs,
    scale: options.scale,
    firstPort: 0,
    worldFaults: WORLD_FAULTS,
  });
  try {
    const folder = path.resolve(options.out);
    const configFile = await writeDemoFolder(folder, simulation, options.database);
    const configuration = await readConfiguration(configFile, context.environment);
    const clock = new SteppedClock(time.startMs);
    const pipeline = await openEmptied(configuration, clock, context);
    const bookkeeping = new Bookkeeping(pipeline, context.log);
    try {
      const lived = await liveThrough({
        pipeline,
        clock,
        advanceWorld: (toMs) => simulation.clock.advanceTo(toMs),
        fromMs: time.startMs,
        toMs: time.endMs,
        transformSchedule: TRANSFORM_SCHEDULE,
        afterTransform: (nowMs) => bookkeeping.endDay(nowMs),
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
      const summary: Summary = {
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
    await emptyWarehouse(database.url, [...Object.values(DEMO_ACCOUNTS), DEMO_METRICS_ACCOUNT]);
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

/**
 * `meterhouse up`: the daemon. node-cron wakes it at the schedules' instants; what runs is what is
 * due by the record of past sweeps, so a restart catches up and two daemons share the work.
 */
import cron, { type ScheduledTask } from 'node-cron';
import { MeterhouseError } from '../../foundation/errors.ts';
import { readConfiguration } from '../config.ts';
import type { Context } from '../context.ts';
import { isDatabaseFailure } from '../database.ts';
import { allStreams, dueStreams, scheduleOf } from '../due-streams.ts';
import { watchBudgets } from '../notify/watch-budgets.ts';
import { Pipeline } from '../pipeline.ts';
import { letReaderLogIn } from '../reader-login.ts';

/** How often changes are worked out where the configuration says nothing else. */
export const TRANSFORM_SCHEDULE = '*/10 * * * *';
/** Reconciliation and waste look at everything; more often than this nobody reads them. */
const REPORTS_EVERY_MS = 3_600_000;

/** Runs until the context's signal. */
export async function upCommand(context: Context): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const pipeline = await Pipeline.open(configuration, context.clock, context.log);
  const tasks: ScheduledTask[] = [];
  const worker = new Worker(context, pipeline);
  try {
    const { readerPassword } = configuration;
    if (readerPassword !== null) await letReaderLogIn(pipeline.warehouse.pool, readerPassword);
    const expressions = new Set([
      ...allStreams(configuration).map(({ stream }) => scheduleOf(configuration, stream)),
      configuration.schedules.get('transform') ?? TRANSFORM_SCHEDULE,
    ]);
    for (const expression of expressions) {
      tasks.push(
        cron.schedule(expression, () => worker.wake(), { timezone: 'UTC', noOverlap: true }),
      );
    }
    context.log.info(
      { accounts: configuration.accounts.length, schedules: expressions.size },
      `up: ${pipeline.warehouse.description}`,
    );
    await worker.wake(); // catch up on what fell due while nobody was here
    await untilAborted(context.signal);
    context.log.info('stopping: finishing what is under way');
  } finally {
    await Promise.all(tasks.map((task) => task.destroy()));
    await worker.settled();
    await pipeline.close();
  }
}

/** Wakes that come while work is under way are answered by one more round after it. */
class Worker {
  readonly #context: Context;
  readonly #pipeline: Pipeline;
  #running: Promise<void> | null = null;
  #isWantedAgain = false;
  #reportsAtMs = Number.NEGATIVE_INFINITY;

  constructor(context: Context, pipeline: Pipeline) {
    this.#context = context;
    this.#pipeline = pipeline;
  }

  wake(): Promise<void> {
    this.#isWantedAgain = true;
    this.#running ??= this.#rounds().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Resolves when no round is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #rounds(): Promise<void> {
    while (this.#isWantedAgain && !this.#context.signal.aborted) {
      this.#isWantedAgain = false;
      try {
        await this.#round();
      } catch (error) {
        if (this.#context.signal.aborted) return;
        if (!(error instanceof MeterhouseError || isDatabaseFailure(error))) throw error;
        // The next schedule tries again; the record of sweeps shows what is missing meanwhile.
        this.#context.log.error({ code: error.code }, error.message);
      }
    }
  }

  async #round(): Promise<void> {
    const { clock, log, signal } = this.#context;
    const { pool } = this.#pipeline.warehouse;
    const due = await dueStreams(pool, this.#pipeline.configuration, clock.nowMs());
    if (due.length > 0) {
      const accounts = await this.#pipeline.collector.collect(due, { signal });
      const sweeps = accounts.flatMap((account) => account.sweeps);
      const failed = sweeps.filter((sweep) => sweep.outcome === 'failed').length;
      log.info({ streams: due.length, sweeps: sweeps.length, failed }, 'collected');
    }
    await this.#pipeline.rereadReference();
    const result = await this.#pipeline.transform();
    log.info(
      {
        changes: result.changesTaken,
        entered: result.chargesPosted,
        reversed: result.chargesReversed,
        ms: Math.round(result.durationMs),
      },
      'transformed',
    );
    if (clock.nowMs() >= this.#reportsAtMs + REPORTS_EVERY_MS) {
      await this.#pipeline.refreshReports();
      this.#reportsAtMs = clock.nowMs();
    }
    await this.#watchBudgets();
  }

  async #watchBudgets(): Promise<void> {
    const { configuration, warehouse } = this.#pipeline;
    if (configuration.budgets === null) return;
    const { clock, log, signal } = this.#context;
    const options = { configuration, clock, log, signal };
    const { changes, delivered, failed } = await watchBudgets(warehouse.pool, options);
    log.info({ changes: changes.length, delivered, failed }, 'judged the budgets');
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

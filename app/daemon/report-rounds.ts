/**
 * The rounds of the reports' loop: budgets are judged after each transform, and once an hour the
 * reports that look at everything are made again; those that failed, after each transform, too. It is
 * woken by the transform, never waited for.
 */
import type pg from 'pg';
import type { Context } from '../context.ts';
import { judgeConfiguredBudgets } from '../notify/watch-budgets.ts';
import type { Pipeline } from '../pipeline.ts';
import type { RoundResult } from './loop.ts';

/** Reconciliation and waste look at everything; more often than this nobody reads them. */
const REPORTS_EVERY_MS = 3_600_000;
const IDLE_MS = 60_000;

export class ReportRounds {
  readonly #pipeline: Pipeline;
  readonly #context: Pick<Context, 'clock' | 'log'>;
  readonly #onJudged: () => void;
  #reportsAtMs = Number.NEGATIVE_INFINITY;
  #judgedRun: string | null = null;
  #failedReports: ReadonlySet<string> = new Set();
  /** Of the last round that did something. */
  #trouble: string | null = null;

  constructor(pipeline: Pipeline, context: Pick<Context, 'clock' | 'log'>, onJudged: () => void) {
    this.#pipeline = pipeline;
    this.#context = context;
    this.#onJudged = onJudged;
  }

  /** Does nothing while there was no transform since the last round. */
  async round(signal: AbortSignal): Promise<RoundResult> {
    const { pool } = this.#pipeline.warehouse;
    const run = await lastTransform(pool);
    if (run === null || run === this.#judgedRun) return { waitMs: IDLE_MS, trouble: this.#trouble };
    const nowMs = this.#context.clock.nowMs();
    const troubles: string[] = [];
    const areAllDue = nowMs >= this.#reportsAtMs + REPORTS_EVERY_MS;
    if (areAllDue || this.#failedReports.size > 0) {
      const failures = await this.#pipeline.refreshReports(
        areAllDue ? undefined : this.#failedReports,
      );
      for (const { report, reason } of failures) {
        this.#context.log.error({ report, reason }, 'a report was not made');
        troubles.push(`the report ${report} cannot be made: ${reason}`);
      }
      this.#failedReports = new Set(failures.map(({ report }) => report));
      if (areAllDue) this.#reportsAtMs = nowMs;
    }
    signal.throwIfAborted();
    troubles.push(...(await this.#judge()));
    this.#judgedRun = run;
    this.#trouble = troubles.length === 0 ? null : troubles.join('; ');
    return { waitMs: IDLE_MS, trouble: this.#trouble };
  }

  /** Returns why the budgets' file was not read, and which budgets cannot be computed. */
  async #judge(): Promise<string[]> {
    const { configuration, warehouse } = this.#pipeline;
    if (configuration.budgets === null) return [];
    const { clock, log } = this.#context;
    const { changes, defect, unjudged } = await judgeConfiguredBudgets(warehouse.pool, {
      configuration,
      clock,
      log,
    });
    log.info({ changes: changes.length }, 'judged the budgets');
    this.#onJudged();
    return [
      ...(defect === null ? [] : [defect]),
      ...unjudged.map(({ name, reason }) => `the budget ${name} cannot be computed: ${reason}`),
    ];
  }
}

/** What tells one transform from the next; null while there was none. */
async function lastTransform(pool: pg.Pool): Promise<string | null> {
  const { rows } = await pool.query<{ run: string }>(
    `select clock_at::text || ' ' || coalesce((select max(run_id) from ledger.run), 0) as run
     from mart.transform_state`,
  );
  return rows[0]?.run ?? null;
}

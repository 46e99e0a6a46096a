/**
 * The rounds of the reports' loop: budgets are judged after each transform, and once an hour the
 * reports that look at everything are made again. It is woken by the transform, never waited for.
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

  constructor(pipeline: Pipeline, context: Pick<Context, 'clock' | 'log'>, onJudged: () => void) {
    this.#pipeline = pipeline;
    this.#context = context;
    this.#onJudged = onJudged;
  }

  /** Does nothing while there was no transform since the last round. */
  async round(signal: AbortSignal): Promise<RoundResult> {
    const { pool } = this.#pipeline.warehouse;
    const run = await lastTransform(pool);
    if (run === null || run === this.#judgedRun) return { waitMs: IDLE_MS, trouble: null };
    const nowMs = this.#context.clock.nowMs();
    let trouble: string | null = null;
    if (nowMs >= this.#reportsAtMs + REPORTS_EVERY_MS) {
      const failures = await this.#pipeline.refreshReports();
      for (const { report, reason } of failures) {
        this.#context.log.error({ report, reason }, 'a report was not made');
      }
      trouble = failures[0] === undefined ? null : `report ${failures[0].report}`;
      this.#reportsAtMs = nowMs;
    }
    signal.throwIfAborted();
    trouble = (await this.#judge()) ?? trouble;
    this.#judgedRun = run;
    return { waitMs: IDLE_MS, trouble };
  }

  /** Returns why the budgets' file was not read, or null. */
  async #judge(): Promise<string | null> {
    const { configuration, warehouse } = this.#pipeline;
    if (configuration.budgets === null) return null;
    const { clock, log } = this.#context;
    const { changes, defect } = await judgeConfiguredBudgets(warehouse.pool, {
      configuration,
      clock,
      log,
    });
    log.info({ changes: changes.length }, 'judged the budgets');
    this.#onJudged();
    return defect;
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

/**
 * Judges the thresholds of all budgets and enters what changed, with the messages to send: in one
 * transaction and under a lock, so that each change is entered once, whoever else judges.
 */
import type pg from 'pg';
import { bindParameters } from '../../foundation/sql/bind-parameters.ts';
import { readStep } from '../../foundation/sql/read-step.ts';
import { runStep } from '../../foundation/sql/statements.ts';
import type { Budget } from '../reference/read-budgets.ts';
import { budgetsNow, budgetsStored } from './known-budgets.ts';

/** Serialises judgements between processes; an arbitrary constant of this project. */
const JUDGEMENT_LOCK = 7_120_035;

export interface Judgement {
  /** Changes for which messages were queued. */
  readonly changes: readonly { readonly idempotency_key: string }[];
  /** Changes that were newly held back because the data could not be trusted. */
  readonly heldBack: readonly {
    readonly budget: string;
    readonly kind: string;
    readonly percent: string;
    readonly reason: string;
  }[];
}

export interface JudgementOptions {
  readonly nowMs: number;
  readonly reportingCurrency: string;
  /** Ids of the channels that messages go to. */
  readonly channels: readonly string[];
}

/** Brings the budgets in force to what the file says. Returns how many changed. */
export async function loadBudgets(
  pool: pg.Pool,
  budgets: readonly Budget[],
  nowMs: number,
): Promise<number> {
  return judging(pool, (connection) =>
    runStep(connection, 'transforms/reference/load_budgets', {
      rows: JSON.stringify(budgets),
      now: new Date(nowMs),
    }),
  );
}

export async function judgeBudgets(pool: pg.Pool, options: JudgementOptions): Promise<Judgement> {
  const now = new Date(options.nowMs);
  return judging(pool, async (connection) => {
    await storeBudgets(connection, now);
    await runStep(connection, 'transforms/budgets/create_judged_threshold', {});
    const judged = await budgetsStored('rpt_budget_threshold');
    await connection.query(bindParameters(`insert into judged_threshold ${judged}`, { now }));
    const parameters = {
      now,
      reporting_currency: options.reportingCurrency,
      channels: JSON.stringify(options.channels),
    };
    const rowsOf = async (step: string) =>
      (await connection.query(bindParameters(await readStep(step), parameters))).rows;
    await rowsOf('transforms/budgets/release');
    const heldBack = await rowsOf('transforms/budgets/hold_back');
    const changes = await rowsOf('transforms/budgets/enter_changes');
    return { changes, heldBack };
  });
}

/** Makes `mart.budget_day` and then, from it, `mart.budget_state` what they are at `now`. */
async function storeBudgets(connection: pg.ClientBase, now: Date): Promise<void> {
  await connection.query('delete from mart.budget_day');
  const days = await budgetsNow('rpt_budget_daily');
  await connection.query(bindParameters(`insert into mart.budget_day ${days}`, { now }));
  await connection.query('delete from mart.budget_state');
  const states = await budgetsStored('rpt_budget');
  await connection.query(bindParameters(`insert into mart.budget_state ${states}`, { now }));
}

async function judging<Result>(
  pool: pg.Pool,
  work: (connection: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await connection.query('select pg_advisory_xact_lock($1)', [JUDGEMENT_LOCK]);
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback').catch(() => undefined); // the first error is the news
    throw error;
  } finally {
    connection.release();
  }
}

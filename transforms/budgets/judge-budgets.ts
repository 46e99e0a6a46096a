/**
 * Judges the thresholds of all budgets and records what changed, with the messages to send: in one
 * transaction and under a lock, so that each change is recorded once, whoever else judges.
 */
import type pg from 'pg';
import { sqlFile } from '../../foundation/sql/sql-file.ts';
import { insertByName, runStep } from '../../foundation/sql/statements.ts';
import { inTransaction } from '../../foundation/sql/transaction.ts';
import { recordTaken } from '../reference/file-state.ts';
import type { Budget } from '../reference/read-budgets.ts';
import { budgetsNow, budgetsStored } from './known-budgets.ts';

const DAY_COLUMNS =
  'budget_row_id, cost_date, cost, accrued_cost, uncertainty, is_incomplete, hidden_cost';
const STATE_COLUMNS = `budget, scope, period, period_start, period_end, is_over, state, doubt, doubt_kind, amount,
  spent_cost, most_cost, accrued_cost, uncertainty, left_cost, forecast_cost, forecast_low_cost,
  forecast_high_cost, forecast_method, share_used, share_elapsed, pace, burn_per_day, breaks_at,
  known_at, stalest_look_at, judged_at, actual_thresholds, forecast_thresholds, channels`;
const THRESHOLD_COLUMNS = `budget, scope, period, period_start, period_end, is_over, kind, percent,
  threshold_cost, measured_cost, state, is_reached, is_near, doubt, amount, spent_cost, most_cost,
  forecast_cost, breaks_at, known_at, judged_at, channels`;

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
  return judging(pool, async (connection) => {
    const rows = JSON.stringify(budgets);
    const files = [...new Set(budgets.map(({ source_file }) => source_file))];
    await recordTaken(connection, { kind: 'budgets', files, content: rows }, nowMs);
    return runStep(connection, 'transforms/reference/load_budgets', { rows, now: new Date(nowMs) });
  });
}

export async function judgeBudgets(pool: pg.Pool, options: JudgementOptions): Promise<Judgement> {
  const now = new Date(options.nowMs);
  return judging(pool, async (connection) => {
    await storeBudgets(connection, now);
    await runStep(connection, 'transforms/budgets/create_judged_threshold');
    const judged = await budgetsStored('rpt_budget_threshold');
    await insertByName(connection, 'judged_threshold', THRESHOLD_COLUMNS, judged, { now });
    const parameters = {
      now,
      reporting_currency: options.reportingCurrency,
      channels: JSON.stringify(options.channels),
    };
    const rowsOf = async (step: string) =>
      (await connection.query(await sqlFile(step, { parameters }))).rows;
    await rowsOf('transforms/budgets/release');
    const heldBack = await rowsOf('transforms/budgets/hold_back');
    const changes = await rowsOf('transforms/budgets/record_changes');
    return { changes, heldBack };
  });
}

/** Makes `mart.budget_day` and then, from it, `mart.budget_state` what they are at `now`. */
async function storeBudgets(connection: pg.ClientBase, now: Date): Promise<void> {
  await connection.query('delete from mart.budget_day');
  const days = await budgetsNow('rpt_budget_daily');
  await insertByName(connection, 'mart.budget_day', DAY_COLUMNS, days, { now });
  await connection.query('delete from mart.budget_state');
  const states = await budgetsStored('rpt_budget');
  await insertByName(connection, 'mart.budget_state', STATE_COLUMNS, states, { now });
}

function judging<Result>(
  pool: pg.Pool,
  work: (connection: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  return inTransaction(pool, async (connection) => {
    await connection.query(`select from meterhouse.lock where name = 'budgets' for update`);
    return work(connection);
  });
}

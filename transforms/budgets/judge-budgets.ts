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
import { type ResultFault, recordResults } from '../set-aside/results.ts';
import { budgetsNow, budgetsStored } from './known-budgets.ts';
import { overBudgets } from './over-budgets.ts';

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
  /** Budgets that could not be computed: they are set aside, and tried again each time. */
  readonly unjudged: readonly ResultFault[];
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
    const unjudged = await storeBudgets(connection, now);
    const parameters = {
      now,
      reporting_currency: options.reportingCurrency,
      channels: JSON.stringify(options.channels),
      unjudged: JSON.stringify(unjudged.map(({ name }) => name)),
    };
    const rowsOf = async (step: string) =>
      (await connection.query(await sqlFile(step, { parameters }))).rows;
    await rowsOf('transforms/budgets/release');
    const heldBack = await rowsOf('transforms/budgets/hold_back');
    const changes = await rowsOf('transforms/budgets/record_changes');
    return { changes, heldBack, unjudged };
  });
}

/**
 * Makes `mart.budget_day`, from it `mart.budget_state`, and from that `judged_threshold` what they are
 * at `now`. Budgets that cannot be computed are returned: their former state is kept, as unknown.
 */
async function storeBudgets(connection: pg.ClientBase, now: Date): Promise<readonly ResultFault[]> {
  await runStep(connection, 'transforms/budgets/create_judged_threshold');
  await runStep(connection, 'transforms/budgets/create_former_state');
  await connection.query('delete from mart.budget_day');
  await connection.query('delete from mart.budget_state');
  const days = await budgetsNow('rpt_budget_daily');
  const states = await budgetsStored('rpt_budget');
  const thresholds = await budgetsStored('rpt_budget_threshold');
  const unjudged = await overBudgets(connection, async () => {
    await insertByName(connection, 'mart.budget_day', DAY_COLUMNS, days, { now });
    await insertByName(connection, 'mart.budget_state', STATE_COLUMNS, states, { now });
    await insertByName(connection, 'judged_threshold', THRESHOLD_COLUMNS, thresholds, { now });
  });
  await recordResults(connection, 'budget', null, unjudged, now);
  if (unjudged.length > 0) {
    await runStep(connection, 'transforms/budgets/keep_former_states', {
      unjudged: JSON.stringify(unjudged),
    });
  }
  return unjudged;
}

/**
 * Makes the temporary table `name` of what `mart.budget_state` would be at `now`, and returns the
 * budgets that cannot be computed.
 */
export async function budgetsInto(
  connection: pg.ClientBase,
  name: string,
  now: Date,
): Promise<readonly ResultFault[]> {
  await connection.query(`create temporary table ${name} (like mart.budget_state) on commit drop`);
  const states = await budgetsNow('rpt_budget');
  return overBudgets(connection, () =>
    insertByName(connection, name, STATE_COLUMNS, states, { now }),
  );
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

/**
 * Closes a month: posts what still accrues in it, keeps its statement as it is, and lets later
 * entries for its days be stated in the first open month. One transaction; what is closed stays so.
 */
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { sqlFile } from '../../foundation/sql/sql-file.ts';
import { runStep } from '../../foundation/sql/statements.ts';
import { rollUpStatement } from '../rollup/cost-dimensions.ts';
import { type TransformOptions, transform } from './run-transform.ts';
import { underTransformLock } from './transform-lock.ts';

export interface CloseOptions extends TransformOptions {
  /** First day of the month to close and of the month after it, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** Close although obstacles remain; they are recorded. */
  readonly isForced: boolean;
}

/** Something that may still change the month. */
export interface CloseObstacle {
  readonly kind: string;
  readonly account_id: string;
  readonly occurrences: number;
  readonly example: string;
  /** What to do about it. */
  readonly remedy: string;
}

export interface CloseResult {
  readonly isClosed: boolean;
  readonly obstacles: readonly CloseObstacle[];
  readonly chargesPosted: number;
  readonly statementRows: number;
}

/**
 * Throws UsageError when the month is not over, closed already, or not the next to close. With
 * obstacles and no force nothing is changed, and the result says what they are.
 */
export async function closeMonth(pool: pg.Pool, options: CloseOptions): Promise<CloseResult> {
  return underTransformLock(pool, async (connection) => {
    await refuseUnlessNext(connection, options);
    const obstacles = await findObstacles(connection, options);
    if (obstacles.length > 0 && !options.isForced) {
      return { isClosed: false, obstacles, chargesPosted: 0, statementRows: 0 };
    }
    const posted = await transform(connection, { ...options, settledBefore: options.to });
    await refuseEarlierCost(connection, options);
    const statementRows = await keepStatement(connection, options, obstacles);
    return { isClosed: true, obstacles, chargesPosted: posted.chargesPosted, statementRows };
  });
}

async function refuseUnlessNext(connection: pg.ClientBase, options: CloseOptions): Promise<void> {
  const month = options.from.slice(0, 'YYYY-MM'.length);
  if (Date.parse(options.to) > options.nowMs) {
    throw new UsageError(`${month} is not over: it can be closed from ${options.to} on`);
  }
  const { rows } = await connection.query<{ is_closed: boolean; next_month: string | null }>(
    `select
       exists (select from ledger.closed_month where month = $1::date) as is_closed,
       to_char(coalesce(
         (select (max(month) + interval '1 month')::date from ledger.closed_month),
         (select min(statement_month) from mart.fct_cost_daily)
       ), 'YYYY-MM') as next_month`,
    [options.from],
  );
  const next = rows[0]?.next_month ?? null;
  if (rows[0]?.is_closed === true) throw new UsageError(`${month} is closed already`);
  if (next === null) throw new UsageError('there is no cost yet: nothing can be closed');
  if (next !== month) throw new UsageError(`months close in order: the next one is ${next}`);
}

/** What the close itself posted may be of an earlier, open month: no statement would ever hold it. */
async function refuseEarlierCost(connection: pg.ClientBase, { from }: CloseOptions): Promise<void> {
  const { rows } = await connection.query<{ month: string | null }>(
    `select to_char(min(statement_month), 'YYYY-MM') as month
     from mart.fct_cost_daily
     where statement_month < $1::date
       and statement_month not in (select month from ledger.closed_month)`,
    [from],
  );
  const month = rows[0]?.month ?? null;
  if (month !== null) {
    throw new UsageError(
      `there is new cost of ${month}: run \`meterhouse transform\`, and close that month first`,
    );
  }
}

async function findObstacles(
  connection: pg.ClientBase,
  { from, to }: CloseOptions,
): Promise<CloseObstacle[]> {
  const statement = await sqlFile('transforms/ledger/close_obstacles', {
    parameters: { from, to },
  });
  const { rows } = await connection.query<CloseObstacle>(statement);
  return rows;
}

async function keepStatement(
  connection: pg.ClientBase,
  { from, nowMs, reportingCurrency, isForced }: CloseOptions,
  obstacles: readonly CloseObstacle[],
): Promise<number> {
  const statementRows = await runStep(connection, 'transforms/ledger/keep_statement', { from });
  await connection.query(
    `insert into ledger.closed_month (
       month, closed_at, last_run_id, reporting_currency, is_forced, obstacles
     ) values ($1, $2, (select max(run_id) from ledger.run), $3, $4, $5)`,
    [from, new Date(nowMs), reportingCurrency, isForced, JSON.stringify(obstacles)],
  );
  await rollUpStatement(connection, from, reportingCurrency);
  return statementRows;
}

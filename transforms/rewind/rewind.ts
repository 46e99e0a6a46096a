/**
 * Takes back what was recorded with a clock that was ahead, so that the product goes on from the
 * instant before. Nothing is lost: ledger entries are reversed, payloads and sweeps are withdrawn on
 * record, and what they had replaced is in force again.
 */
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { runStep } from '../../foundation/sql/statements.ts';
import { recompute } from '../ledger/rebuild.ts';
import type { TransformOptions, TransformResult } from '../ledger/run-transform.ts';
import { underTransformLock } from '../ledger/transform-lock.ts';

export interface RewindOptions extends Omit<TransformOptions, 'isFull' | 'settledBefore'> {
  /** The last instant that was right, in milliseconds. */
  readonly toMs: number;
}

export interface RewindResult {
  /** The clock of the last transform before. */
  readonly formerClockAt: Date;
  readonly chargesReversed: number;
  readonly chargesRestored: number;
  readonly versionsWithdrawn: number;
  readonly versionsRestored: number;
  readonly sweepsWithdrawn: number;
  /** Months that were closed with such a clock: they stay closed, and corrections go to the next one. */
  readonly closedMonths: readonly string[];
  /** The transform at the run's clock that follows. */
  readonly transform: TransformResult;
}

/** Throws UsageError when `toMs` is after the run's clock, or nothing was recorded after it. */
export async function rewind(pool: pg.Pool, options: RewindOptions): Promise<RewindResult> {
  const to = new Date(options.toMs);
  if (options.toMs > options.nowMs) {
    throw new UsageError(`--to ${to.toISOString()} is in the future: name the last right instant`);
  }
  return underTransformLock(pool, async (connection) => {
    const formerClockAt = await readLatest(connection, to);
    const landing = await withdrawLanding(connection, to);
    const ledger = await withdrawCharges(connection, to, options.nowMs);
    await restoreMarts(connection, to);
    await withdrawReports(connection, to);
    await connection.query(
      `insert into ledger.rewind (
         rewound_to, former_clock_at, run_id, charges_reversed, charges_restored,
         versions_withdrawn, versions_restored, sweeps_withdrawn
       ) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        to,
        formerClockAt,
        ledger.runId,
        ledger.chargesReversed,
        ledger.chargesRestored,
        landing.versionsWithdrawn,
        landing.versionsRestored,
        landing.sweepsWithdrawn,
      ],
    );
    const closedMonths = await closedAfter(connection, to);
    const transform = await recompute(connection, options);
    return { formerClockAt, ...landing, ...ledger, closedMonths, transform };
  });
}

/** The latest instant on record; throws when it is not after `to`. */
async function readLatest(connection: pg.ClientBase, to: Date): Promise<Date> {
  const { rows } = await connection.query<{ latest: Date | null }>(
    `select greatest(
       (select clock_at from mart.transform_state), (select max(complete_at) from landing.watermark)
     ) as latest`,
  );
  const latest = rows[0]?.latest ?? null;
  if (latest === null || latest <= to) {
    const known =
      latest === null ? 'nothing is recorded yet' : `the last is ${latest.toISOString()}`;
    throw new UsageError(`nothing was recorded after ${to.toISOString()}: ${known}`);
  }
  return latest;
}

async function withdrawLanding(connection: pg.ClientBase, to: Date) {
  const step = (name: string) => runStep(connection, `transforms/rewind/${name}`, { to });
  const versionsWithdrawn = await step('withdraw_versions');
  const versionsRestored = await step('restore_versions');
  const sweepsWithdrawn = await step('withdraw_sweeps');
  await step('restore_watermarks');
  await connection.query('delete from landing.watermark where complete_at > $1', [to]);
  await connection.query('delete from landing.change'); // everything is computed again below
  await connection.query(
    `update landing.quarantine
     set first_seen_at = least(first_seen_at, $1), last_seen_at = least(last_seen_at, $1),
       released_at = case when released_at <= $1 then released_at end
     where last_seen_at > $1 or released_at > $1`,
    [to],
  );
  await connection.query(
    'update landing.expectation set expected_from = $1 where expected_from > $1',
    [to],
  );
  return { versionsWithdrawn, versionsRestored, sweepsWithdrawn };
}

async function withdrawCharges(connection: pg.ClientBase, to: Date, nowMs: number) {
  const { rows } = await connection.query<{ run_id: number }>(
    `insert into ledger.run (
       clock_at, duration_ms, changes_taken, scopes, charges_posted, charges_reversed,
       accruals_written, books_open_from
     )
     select $1, 0, 0, 0, 0, 0, 0,
       coalesce((max(month) + interval '1 month')::date, '-infinity')
     from ledger.closed_month
     returning run_id`,
    [new Date(nowMs)],
  );
  const runId = rows[0]?.run_id ?? 0;
  const parameters = { to, run_id: runId };
  const chargesReversed = await runStep(
    connection,
    'transforms/rewind/reverse_charges',
    parameters,
  );
  const chargesRestored = await runStep(
    connection,
    'transforms/rewind/restore_charges',
    parameters,
  );
  await connection.query(
    'update ledger.run set charges_posted = $2, charges_reversed = $3 where run_id = $1',
    [runId, chargesRestored, chargesReversed],
  );
  return { runId, chargesReversed, chargesRestored };
}

/** What the marts showed at `to` is shown again; the transform goes on from there. */
async function restoreMarts(connection: pg.ClientBase, to: Date): Promise<void> {
  for (const name of ['accrual', 'resource'] as const) {
    const shown = name === 'accrual' ? 'mart.accrual' : 'mart.dim_resource';
    await connection.query(`delete from ${shown} where recorded_at > $1`, [to]);
    await connection.query(`delete from history.${name} where recorded_at > $1`, [to]);
    await runStep(connection, `transforms/rewind/restore_${name}s`, { to });
  }
  await connection.query(
    `update ledger.set_aside
     set first_at = least(first_at, $1::timestamptz), last_at = least(last_at, $1::timestamptz)
     where last_at > $1::timestamptz`,
    [to],
  );
  await connection.query('update mart.transform_state set clock_at = $1 where clock_at > $1', [to]);
}

/** Reports that keep a history, and messages that nobody has got yet. */
async function withdrawReports(connection: pg.ClientBase, to: Date): Promise<void> {
  for (const [relation, instant] of LATER_REPORTS) {
    await connection.query(`delete from ${relation} where ${instant} > $1`, [to]);
  }
  await connection.query(
    `update notify.outbox set given_up_at = $1, last_error = 'withdrawn: the clock was ahead'
     where created_at > $1 and delivered_at is null and given_up_at is null`,
    [to],
  );
  const { rows } = await connection.query<{ relation: string; column_name: string }>(
    `select format('%I.%I', table_schema, table_name) as relation, column_name
     from information_schema.columns
     where table_schema = 'reference' and column_name in ('loaded_at', 'superseded_at', 'taken_at', 'refused_at')
     order by table_name collate "C", column_name collate "C"`,
  );
  for (const { relation, column_name: column } of rows) {
    await connection.query(`update ${relation} set ${column} = $1 where ${column} > $1`, [to]);
  }
}

const LATER_REPORTS = [
  ['mart.forecast', 'as_of'],
  ['mart.forecast_history', 'as_of'],
  ['mart.anomaly', 'found_at'],
  ['mart.market_price_daily', 'price_date'],
  ['mart.market_stock_daily', 'stock_date'],
  ['mart.sweep_hour', 'hour_start'],
  ['mart.relation_size', 'measured_at'],
] as const;

async function closedAfter(connection: pg.ClientBase, to: Date): Promise<string[]> {
  const { rows } = await connection.query<{ month: string }>(
    `select to_char(month, 'YYYY-MM') as month from ledger.closed_month
     where closed_at > $1 order by closed_month.month`,
    [to],
  );
  return rows.map(({ month }) => month);
}

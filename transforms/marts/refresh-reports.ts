/** The marts that take a look at everything: made anew now and then, not with every transform. */
import type pg from 'pg';
import { MeterhouseError } from '../../foundation/errors.ts';
import { runStep } from '../../foundation/sql/statements.ts';
import { refreshAnomalies } from '../anomaly/refresh-anomalies.ts';
import { refreshReconciliation } from '../checks/run-checks.ts';
import { refreshForecast } from '../forecast/refresh-forecast.ts';
import { refreshPipelineHistory } from '../pipeline/refresh-pipeline-history.ts';
import { type Fault, faultOf } from '../set-aside/contain.ts';
import { recordResults } from '../set-aside/results.ts';
import { refreshUtilisation } from '../utilisation/refresh-utilisation.ts';
import { refreshWaste } from '../waste/run-waste.ts';
import { refreshEconomics } from './prices/refresh-economics.ts';

/** One report: what it is called, and how it is made at an instant, inside a transaction. */
export interface Report {
  readonly name: string;
  readonly refresh: (connection: pg.ClientBase, nowMs: number) => Promise<unknown>;
}

export const FORECAST: Report = { name: 'forecast', refresh: refreshForecast };

/** What is kept of each day for later: what was expected then, and how the collecting went. */
export const OUTLOOK: readonly Report[] = [
  FORECAST,
  { name: 'pipeline history', refresh: refreshPipelineHistory },
];

/** In the order in which they build on each other. */
export const REPORTS: readonly Report[] = [
  { name: 'reconciliation', refresh: refreshReconciliation },
  ...OUTLOOK,
  { name: 'anomalies', refresh: refreshAnomalies },
  { name: 'waste', refresh: refreshWaste },
  { name: 'economics', refresh: refreshEconomics },
  { name: 'utilisation', refresh: refreshUtilisation },
  {
    name: 'history',
    refresh: (connection, nowMs) =>
      runStep(connection, 'transforms/marts/prune_history', { now: new Date(nowMs) }),
  },
];

export interface ReportFailure {
  readonly report: string;
  /** The database's own words, in one line. */
  readonly reason: string;
}

/**
 * A transaction that sees the warehouse as it is at its begin, so that it need not hold up
 * transforms, and that no report of another process runs beside.
 */
export async function underReportLock<Result>(
  pool: pg.Pool,
  work: (connection: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  // The lock is held by a transaction of its own: the work's view must begin after it is had.
  return inTransaction(pool, 'read committed', async (holder) => {
    // It waits for the work, which may take longer than a transaction may idle otherwise.
    await holder.query('set local idle_in_transaction_session_timeout = 0');
    await holder.query(`select from meterhouse.lock where name = 'reports' for update`);
    return inTransaction(pool, 'repeatable read', work);
  });
}

/**
 * Makes the reports, each in a transaction of its own; returns those that could not be made, which are
 * on the record of what is set aside until they are. `nowMs` is asked when the report's view of the
 * warehouse has begun, so that no transform that it sees has a later clock.
 */
export async function refreshEach(
  pool: pg.Pool,
  reports: readonly Report[],
  nowMs: () => number,
): Promise<ReportFailure[]> {
  const failures: ReportFailure[] = [];
  for (const report of reports) {
    try {
      const failure = await refreshOne(pool, report, nowMs);
      if (failure !== null) failures.push(failure);
    } catch (error) {
      if (!(error instanceof MeterhouseError)) throw error;
      failures.push({ report: report.name, reason: error.message });
    }
  }
  return failures;
}

/** The same for one report; null when it was made. Throws what is not the fault of its SQL. */
export async function refreshOne(
  pool: pg.Pool,
  { name, refresh }: Report,
  nowMs: () => number,
): Promise<ReportFailure | null> {
  let fault: Fault | null = null;
  try {
    await underReportLock(pool, (connection) => refresh(connection, nowMs()));
  } catch (error) {
    fault = faultOf(error);
    if (fault === null) throw error;
  }
  const faults = fault === null ? [] : [{ name, ...fault }];
  await recordResults(pool, 'report', [name], faults, new Date(nowMs()));
  return fault === null ? null : { report: name, reason: fault.reason };
}

/** Makes all reports on one connection: inside a transaction that no transform runs beside. */
export async function refreshReports(connection: pg.ClientBase, nowMs: number): Promise<void> {
  for (const { refresh } of REPORTS) await refresh(connection, nowMs);
}

async function inTransaction<Result>(
  pool: pg.Pool,
  isolation: 'read committed' | 'repeatable read',
  work: (connection: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  try {
    await connection.query(`begin isolation level ${isolation}`);
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

/** Days whose cost stands out, per provider, team and SKU. */
import type pg from 'pg';
import { runStep } from '../../foundation/sql/statements.ts';
import { readReportingCurrency } from '../forecast/refresh-forecast.ts';

const DAY_MS = 86_400_000;
/** Days that are looked at again at each refresh: late facts may still change them. */
const LOOK_BACK_DAYS = 35;
/** Days before a day that it is held against, in cost and in what was expected of them. */
const WINDOW_DAYS = 28;

/** The smallest difference worth telling, in the reporting currency per day. */
export const ANOMALY_FLOOR_COST = '25';
/** Robust standard deviations from which on a day stands out. */
export const ANOMALY_THRESHOLD = '5';

/**
 * Makes `mart.anomaly` what the costs say at `nowMs`: for the last days that are known whole. Call
 * inside a transaction, after a transform. Returns how many days of scopes stand out among them.
 */
export async function refreshAnomalies(connection: pg.ClientBase, nowMs: number): Promise<number> {
  const reportingCurrency = await readReportingCurrency(connection);
  if (reportingCurrency === null) return 0;
  const now = new Date(nowMs);
  const fromMs = nowMs - LOOK_BACK_DAYS * DAY_MS;
  await runStep(connection, 'transforms/anomaly/create_anomaly_series', {
    now,
    from: dayOf(fromMs - 2 * WINDOW_DAYS * DAY_MS),
  });
  await scoreSeries(connection, dayOf(fromMs));
  const found = await runStep(connection, 'transforms/anomaly/store_anomalies', {
    now,
    from: dayOf(fromMs),
    threshold: ANOMALY_THRESHOLD,
    reporting_currency: reportingCurrency,
  });
  await connection.query('drop table anomaly_series, anomaly_expectation, anomaly_score');
  return found;
}

/** Fills `anomaly_score` for the days of `anomaly_series` from `from` (`YYYY-MM-DD`) on. */
export async function scoreSeries(connection: pg.ClientBase, from: string): Promise<void> {
  await connection.query('analyze anomaly_series');
  // Each step groups what the one before grouped: the planner takes that for a few rows, and would
  // go through them row by row.
  await connection.query('set local enable_nestloop = off');
  await runStep(connection, 'transforms/anomaly/create_anomaly_expectation', {
    from: dayOf(Date.parse(from) - WINDOW_DAYS * DAY_MS),
  });
  await connection.query('analyze anomaly_expectation');
  await runStep(connection, 'transforms/anomaly/create_anomaly_score', {
    from,
    floor: ANOMALY_FLOOR_COST,
  });
  await connection.query('set local enable_nestloop to default');
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

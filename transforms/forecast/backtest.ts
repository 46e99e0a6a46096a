/**
 * How good the forecast would have been: every midnight of months that are over, with the costs of
 * later days cut off, beside a flat mean and a linear fit of the same days.
 */
import type pg from 'pg';
import { sqlFile } from '../../foundation/sql/sql-file.ts';
import { runStep } from '../../foundation/sql/statements.ts';
import {
  dropForecast,
  forecastParameters,
  forecastScopes,
  historyFrom,
  loadHistory,
} from './refresh-forecast.ts';

const DAY_MS = 86_400_000;
/** A forecast without any history to learn from is not one: the first is made after as many days. */
const LEARNING_DAYS = 14;

/** Percentages are exact decimal texts. `kind` and `day_of_month` are null where all are counted. */
export interface BacktestRow {
  readonly kind: string | null;
  readonly day_of_month: number | null;
  /** How many forecasts (scopes times days). */
  readonly forecasts: number;
  readonly forecast_mean: string;
  readonly forecast_median: string;
  readonly forecast_p90: string;
  readonly flat_mean: string;
  readonly flat_median: string;
  readonly flat_p90: string;
  readonly linear_mean: string;
  readonly linear_median: string;
  readonly linear_p90: string;
  /** Percent of the forecasts whose band held what the month came to. */
  readonly covered: string;
  readonly beats_flat: boolean;
  readonly beats_linear: boolean;
}

export interface Backtest {
  /** First and last day on which a forecast was made; null when there is too little history. */
  readonly from: string | null;
  readonly to: string | null;
  readonly rows: readonly BacktestRow[];
}

/**
 * Forecasts from every midnight of the last `months` UTC months that are over at `nowMs`. Call inside
 * a transaction; nothing is kept.
 */
export async function backtest(
  connection: pg.ClientBase,
  nowMs: number,
  months: number,
): Promise<Backtest> {
  const now = new Date(nowMs);
  const toMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const wantedMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1);
  const knownMs = await firstKnownMs(connection);
  if (knownMs === null) return { from: null, to: null, rows: [] };
  const fromMs = Math.max(wantedMs, knownMs + LEARNING_DAYS * DAY_MS);
  if (fromMs >= toMs) return { from: null, to: null, rows: [] };

  await loadHistory(connection, historyFrom(fromMs), dayOf(toMs));
  await runStep(connection, 'transforms/forecast/create_scope_day');
  await runStep(connection, 'transforms/forecast/create_backtest_point');
  for (let atMs = fromMs; atMs < toMs; atMs += DAY_MS) {
    const parameters = forecastParameters(atMs, dayOf(atMs));
    await forecastScopes(connection, parameters);
    await runStep(connection, 'transforms/forecast/add_backtest_points', parameters);
    await dropForecast(connection);
  }
  const { rows } = await connection.query<BacktestRow>(
    await sqlFile('transforms/forecast/read_backtest'),
  );
  await connection.query('drop table owned_history, scope_day, backtest_point');
  return { from: dayOf(fromMs), to: dayOf(toMs - DAY_MS), rows };
}

/** The first UTC day that every account was looked at, or that any cost is known of. */
async function firstKnownMs(connection: pg.ClientBase): Promise<number | null> {
  const { rows } = await connection.query<{ first_date: string | null }>(
    `select greatest(
       (select min(cost_date) from mart.fct_cost_daily),
       (select (max(first_look) at time zone 'UTC')::date
        from (
          select min(expected_from) as first_look from landing.expectation group by account_id
        ) as account)
     ) as first_date`,
  );
  const first = rows[0]?.first_date ?? null;
  return first === null ? null : Date.parse(first);
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

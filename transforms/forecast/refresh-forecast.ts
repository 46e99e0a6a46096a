/** The forecast of the running month: what is charged, what runs, and what usually changes. */
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { type Parameters, runStep } from '../../foundation/sql/statements.ts';

const DAY_MS = 86_400_000;
/** Days of history that arrivals and departures are learnt from. */
const HISTORY_DAYS = 57;

/** The steps of one forecast, each a temporary table of that name, over `owned_history`. */
const STEPS = [
  'resource_scope',
  'resource_life',
  'running',
  'running_cost',
  'life_curve',
  'survival',
  'survival_of_new',
  'arrival',
  'scope_forecast',
] as const;

/**
 * Makes `mart.forecast` what is expected at `nowMs` for the UTC month that holds it, and the month
 * before what it cost. Call inside a transaction, after a transform. Returns how many rows were
 * written; 0 while nothing was ever charged. Throws UsageError when the last transform is later.
 */
export async function refreshForecast(connection: pg.ClientBase, nowMs: number): Promise<number> {
  await refuseEarlierClock(connection, nowMs);
  const reportingCurrency = await readReportingCurrency(connection);
  if (reportingCurrency === null) return 0;
  const parameters = forecastParameters(nowMs);
  await loadHistory(connection, historyFrom(nowMs), String(parameters.month_end));
  await forecastScopes(connection, parameters);
  await connection.query(`delete from mart.forecast where month >= $1::date - interval '1 month'`, [
    parameters.month,
  ]);
  const scopes = await runStep(connection, 'transforms/forecast/store_forecast', {
    ...parameters,
    reporting_currency: reportingCurrency,
  });
  await runStep(connection, 'transforms/forecast/keep_forecast', { now: parameters.now });
  await dropForecast(connection);
  await connection.query('drop table owned_history');
  return scopes;
}

/** Reads the costs of the days `from` to `to` (half open) into `owned_history`. */
export async function loadHistory(
  connection: pg.ClientBase,
  from: string,
  to: string,
): Promise<void> {
  await runStep(connection, 'transforms/forecast/create_owned_history', { from, to });
  await connection.query('analyze owned_history');
}

/** Fills `scope_forecast` from `owned_history`; see `forecastParameters`. */
export async function forecastScopes(
  connection: pg.ClientBase,
  parameters: Parameters,
): Promise<void> {
  for (const step of STEPS) {
    await runStep(connection, `transforms/forecast/create_${step}`, parameters);
    await connection.query(`analyze ${step}`);
  }
}

export async function dropForecast(connection: pg.ClientBase): Promise<void> {
  await connection.query(`drop table ${STEPS.join(', ')}`);
}

/**
 * The clock as the steps take it. `cut` (`YYYY-MM-DD`) leaves out what is charged for that day and
 * later ones: a backtest's way of not knowing them.
 */
export function forecastParameters(nowMs: number, cut = 'infinity'): Parameters {
  const now = new Date(nowMs);
  const monthEndMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  return {
    now,
    cut,
    today: dayOf(nowMs),
    month: `${dayOf(nowMs).slice(0, 'YYYY-MM'.length)}-01`,
    month_end: dayOf(monthEndMs),
    days_left: Math.ceil((monthEndMs - nowMs) / DAY_MS),
  };
}

/** From the month before, and as far back as churn is learnt from. */
export function historyFrom(nowMs: number): string {
  const now = new Date(nowMs);
  const monthBeforeMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1);
  return dayOf(Math.min(monthBeforeMs, nowMs - HISTORY_DAYS * DAY_MS));
}

async function refuseEarlierClock(connection: pg.ClientBase, nowMs: number): Promise<void> {
  const { rows } = await connection.query<{ clock_at: Date }>(
    'select clock_at from mart.transform_state where clock_at > $1',
    [new Date(nowMs)],
  );
  const later = rows[0]?.clock_at;
  if (later !== undefined) {
    throw new UsageError(
      `the clock ${new Date(nowMs).toISOString()} is before the last transform's ${later.toISOString()}: a forecast knows all that has landed`,
    );
  }
}

/** The currency that the marts report in; null while nothing was charged. */
export async function readReportingCurrency(connection: pg.ClientBase): Promise<string | null> {
  const { rows } = await connection.query<{ reporting_currency: string }>(
    `(select reporting_currency from ledger.charge order by charge_id desc limit 1)
     union all
     (select reporting_currency from mart.accrual limit 1)
     limit 1`,
  );
  return rows[0]?.reporting_currency ?? null;
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** `meterhouse forecast`: what the month will have cost at its end, and how good such forecasts were. */
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { monthOf } from '../../foundation/months.ts';
import { type Backtest, type BacktestRow, backtest } from '../../transforms/forecast/backtest.ts';
import { refreshForecast } from '../../transforms/forecast/refresh-forecast.ts';
import { underReportLock } from '../../transforms/marts/refresh-reports.ts';
import { refuseClockAhead } from '../clock-guard.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { type Column, formatAmount, table } from '../output.ts';
import { openReady } from '../warehouse.ts';

export const SCOPE_KINDS = [
  'total',
  'provider',
  'account',
  'team',
  'project',
  'environment',
  'cost_centre',
  'sku',
] as const;

/** One scope, such as team `nlp`. */
export interface Scope {
  readonly kind: string;
  readonly value: string;
}

interface ForecastRow {
  readonly month: string;
  readonly scope_kind: string;
  readonly scope_value: string;
  readonly as_of: string;
  readonly month_to_date: string;
  readonly running_to_month_end: string;
  readonly expected_change: string;
  readonly forecast_cost: string;
  readonly low_cost: string;
  readonly high_cost: string;
  readonly reporting_currency: string;
  readonly method: string;
}

/** Refreshes the forecast at the run's clock and prints it; throws UsageError for an unknown scope. */
export async function forecastCommand(
  context: Context,
  options: { readonly scope: Scope | null; readonly month: string | null },
): Promise<void> {
  const nowMs = context.clock.nowMs();
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    await refuseClockAhead(warehouse.pool, context.clock, context.log);
    await underReportLock(warehouse.pool, (connection) => refreshForecast(connection, nowMs));
    const rows = await readForecast(warehouse.pool, options.month ?? monthOf(nowMs), options.scope);
    present(context, rows, () => forecastText(rows));
  } finally {
    await warehouse.close();
  }
}

async function readForecast(
  pool: pg.Pool,
  month: string,
  scope: Scope | null,
): Promise<ForecastRow[]> {
  const { rows } = await pool.query<ForecastRow>(
    `select month, scope_kind, scope_value, to_jsonb(as_of) #>> '{}' as as_of,
       trim_scale(month_to_date) as month_to_date,
       trim_scale(running_to_month_end) as running_to_month_end,
       trim_scale(expected_change) as expected_change, trim_scale(forecast_cost) as forecast_cost,
       trim_scale(low_cost) as low_cost, trim_scale(high_cost) as high_cost,
       reporting_currency, method
     from mart.forecast
     where month = $1 and ($2::text is null or (scope_kind, scope_value) = ($2, $3))
     order by array_position($4::text[], scope_kind), forecast.forecast_cost desc, scope_value`,
    [`${month}-01`, scope?.kind ?? null, scope?.value ?? null, SCOPE_KINDS],
  );
  if (rows.length === 0) {
    const what = scope === null ? '' : ` of ${scope.kind} "${scope.value}"`;
    throw new UsageError(`there is no forecast${what} for ${month}: see \`meterhouse forecast\``);
  }
  return rows;
}

function forecastText(rows: readonly ForecastRow[]): string {
  const amount = (
    title: string,
    key: 'month_to_date' | 'running_to_month_end' | 'expected_change',
  ): Column<ForecastRow> => ({
    title,
    value: (row) => formatAmount(row[key]),
    align: 'right',
  });
  const [first] = rows;
  return [
    `${first?.month.slice(0, 'YYYY-MM'.length)} at its end, in ${first?.reporting_currency}, as of ${first?.as_of}\n\n`,
    table(rows, [
      { title: 'scope', value: (row) => row.scope_kind },
      { title: '', value: (row) => row.scope_value },
      amount('so far', 'month_to_date'),
      amount('running', 'running_to_month_end'),
      amount('change', 'expected_change'),
      { title: 'forecast', value: (row) => formatAmount(row.forecast_cost), align: 'right' },
      { title: '80% from', value: (row) => formatAmount(row.low_cost), align: 'right' },
      { title: 'to', value: (row) => formatAmount(row.high_cost), align: 'right' },
      { title: 'method', value: (row) => row.method },
    ]),
  ].join('');
}

/** Prints how far off the forecasts of the last `months` months that are over would have been. */
export async function backtestCommand(
  context: Context,
  options: { readonly months: number },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const result = await underReportLock(warehouse.pool, (connection) =>
      backtest(connection, context.clock.nowMs(), options.months),
    );
    if (result.from === null) {
      throw new UsageError(
        'there is no month that is over with two weeks of history before one of its days: nothing to test on',
      );
    }
    present(context, result, () => backtestText(result));
  } finally {
    await warehouse.close();
  }
}

function backtestText({ from, to, rows }: Backtest): string {
  const ofAll = rows.filter(({ kind, day_of_month }) => kind === null && day_of_month === null);
  const byDay = rows.filter(({ day_of_month }) => day_of_month !== null);
  const byKind = rows.filter(({ kind }) => kind !== null);
  return [
    `Forecasts of every midnight from ${from} to ${to}, against what the month came to.\n`,
    'Each knows what is charged for days before its own, as it is known today: facts that came late\n',
    'count as if they had come in time, and so do prices. Scopes below 1% of the month are left out.\n',
    'Percent off: mean/median/90 of 100. Covered: how often the 80% band held the outcome, percent.\n\n',
    errorTable('day', byDay, (row) => String(row.day_of_month)),
    '\n',
    errorTable('scope', [...byKind, ...ofAll], (row) => row.kind ?? 'all'),
    '\n',
    verdict(byDay, byKind),
  ].join('');
}

function errorTable(
  title: string,
  rows: readonly BacktestRow[],
  nameOf: (row: BacktestRow) => string,
): string {
  const off = (
    method: string,
    texts: (row: BacktestRow) => readonly string[],
  ): Column<BacktestRow> => ({
    title: method,
    value: (row) => texts(row).join('/'),
    align: 'right',
  });
  return table(rows, [
    { title, value: nameOf },
    { title: 'forecasts', value: (row) => String(row.forecasts), align: 'right' },
    off('forecast', (row) => [row.forecast_mean, row.forecast_median, row.forecast_p90]),
    off('flat mean', (row) => [row.flat_mean, row.flat_median, row.flat_p90]),
    off('linear fit', (row) => [row.linear_mean, row.linear_median, row.linear_p90]),
    { title: 'covered', value: (row) => row.covered, align: 'right' },
  ]);
}

function verdict(byDay: readonly BacktestRow[], byKind: readonly BacktestRow[]): string {
  const worse = [...byDay, ...byKind]
    .filter((row) => !(row.beats_flat && row.beats_linear))
    .map((row) => {
      const better = [
        ...(row.beats_flat ? [] : ['the flat mean']),
        ...(row.beats_linear ? [] : ['the linear fit']),
      ].join(' and ');
      const where = row.kind === null ? `day ${row.day_of_month}` : `scope ${row.kind}`;
      return `  ${where}: no better on average than ${better}\n`;
    });
  if (worse.length === 0) {
    return 'On average better than the flat mean and the linear fit on every day and for every scope.\n';
  }
  return `On average better than the flat mean and the linear fit, but not here:\n${worse.join('')}`;
}

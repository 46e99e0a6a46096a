/** `meterhouse anomalies`: days whose cost stands out, and how well such days are found. */
import type pg from 'pg';
import { dayOf } from '../../foundation/months.ts';
import { type EvaluationRow, evaluateAnomalies } from '../../transforms/anomaly/evaluate.ts';
import { refreshAnomalies } from '../../transforms/anomaly/refresh-anomalies.ts';
import { underReportLock } from '../../transforms/marts/refresh-reports.ts';
import { refuseClockAhead } from '../clock-guard.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { formatAmount, table } from '../output.ts';
import { openReady } from '../warehouse.ts';

const DAY_MS = 86_400_000;
const DAYS_SHOWN = 14;
const SERIES_EVALUATED = 40;

interface AnomalyRow {
  readonly cost_date: string;
  readonly scope_kind: string;
  readonly scope_value: string;
  readonly expected_cost: string;
  readonly actual_cost: string;
  readonly score: string;
  readonly direction: 'up' | 'down';
  readonly floor_cost: string;
  readonly reporting_currency: string;
  readonly found_at: string;
}

/** Refreshes the anomalies at the run's clock and prints those since a day, two weeks by default. */
export async function anomaliesCommand(
  context: Context,
  options: { readonly sinceMs: number | null },
): Promise<void> {
  const nowMs = context.clock.nowMs();
  const since = dayOf(options.sinceMs ?? nowMs - DAYS_SHOWN * DAY_MS);
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    await refuseClockAhead(warehouse.pool, context.clock, context.log);
    await underReportLock(warehouse.pool, (connection) => refreshAnomalies(connection, nowMs));
    const rows = await readAnomalies(warehouse.pool, since);
    present(context, rows, () => anomalyText(rows, since));
  } finally {
    await warehouse.close();
  }
}

async function readAnomalies(pool: pg.Pool, since: string): Promise<AnomalyRow[]> {
  const { rows } = await pool.query<AnomalyRow>(
    `select cost_date, scope_kind, scope_value, trim_scale(expected_cost) as expected_cost,
       trim_scale(actual_cost) as actual_cost, score, direction,
       trim_scale(floor_cost) as floor_cost, reporting_currency,
       to_jsonb(found_at) #>> '{}' as found_at
     from mart.anomaly
     where cost_date >= $1
     order by anomaly.cost_date desc, abs(anomaly.actual_cost - anomaly.expected_cost) desc,
       scope_kind, scope_value`,
    [since],
  );
  return rows;
}

function anomalyText(rows: readonly AnomalyRow[], since: string): string {
  const [first] = rows;
  if (first === undefined) return `No day since ${since} has an unusual cost.\n`;
  return [
    `Days since ${since} with unusual cost, in ${first.reporting_currency}\n\n`,
    table(rows, [
      { title: 'day', value: (row) => row.cost_date },
      { title: 'scope', value: (row) => row.scope_kind },
      { title: '', value: (row) => row.scope_value },
      { title: 'expected', value: (row) => formatAmount(row.expected_cost), align: 'right' },
      { title: 'actual', value: (row) => formatAmount(row.actual_cost), align: 'right' },
      { title: '', value: (row) => row.direction },
      { title: 'score', value: (row) => row.score, align: 'right' },
      { title: 'floor', value: (row) => formatAmount(row.floor_cost), align: 'right' },
    ]),
  ].join('');
}

/** Prints precision and recall on made-up series whose oddities are known. */
export async function evaluateCommand(
  context: Context,
  options: { readonly seed: string },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const rows = await underReportLock(warehouse.pool, (connection) =>
      evaluateAnomalies(connection, options.seed, SERIES_EVALUATED),
    );
    present(context, { seed: options.seed, rows }, () => evaluationText(rows, options.seed));
  } finally {
    await warehouse.close();
  }
}

function evaluationText(rows: readonly EvaluationRow[], seed: string): string {
  return [
    `${SERIES_EVALUATED} made-up series of 150 days (seed ${seed}): weekly patterns, growth, noise, missing days;\n`,
    'spikes, drops and level shifts with labels. Recall counts events, precision the days reported; the\n',
    'plain z-score (3 standard deviations of four weeks) is given the same floor.\n\n',
    table(rows, [
      { title: 'method', value: (row) => row.method },
      { title: 'events', value: (row) => row.event_kind ?? 'all' },
      { title: 'there', value: (row) => String(row.events), align: 'right' },
      { title: 'found', value: (row) => String(row.found), align: 'right' },
      { title: 'recall %', value: (row) => row.recall, align: 'right' },
      { title: 'precision %', value: (row) => row.precision ?? '', align: 'right' },
      { title: 'days right', value: (row) => String(row.days_right ?? ''), align: 'right' },
      { title: 'wrong', value: (row) => String(row.days_wrong ?? ''), align: 'right' },
    ]),
  ].join('');
}

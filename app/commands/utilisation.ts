/** `meterhouse utilisation`: what of the paid hours and money was used, by measured use. */
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { underReportLock } from '../../transforms/marts/refresh-reports.ts';
import { refreshUtilisation } from '../../transforms/utilisation/refresh-utilisation.ts';
import { refuseClockAhead } from '../clock-guard.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { formatAmount, table } from '../output.ts';
import { registerMetrics } from '../register-metrics.ts';
import { readStoredCurrency } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

export const GROUPS = ['resource', 'team', 'fleet'] as const;
export type Group = (typeof GROUPS)[number];

const PERCENT = 1;

/** Exact decimal texts: hours in `hours_unit`, costs in the reporting currency. */
interface UseRow {
  readonly name: string;
  readonly hours_unit: string;
  readonly paid_hours: string;
  readonly active_hours: string;
  readonly allocated_idle_hours: string;
  readonly unallocated_hours: string;
  readonly unknown_hours: string;
  readonly cost: string;
  readonly active_cost: string;
  readonly allocated_idle_cost: string;
  readonly unallocated_cost: string;
  readonly unknown_cost: string;
  /** Share of the measured hours that was active; null without any. */
  readonly active_percent: string | null;
  readonly cost_per_paid_hour: string | null;
  /** Cost of the measured hours per active one; null without any. */
  readonly cost_per_active_hour: string | null;
}

/** Series of a metric by day, and how many of them have labels that name one resource. */
interface MatchRow {
  readonly account_id: string;
  readonly metric: string;
  readonly query: string;
  readonly series: number;
  readonly matched: number;
  readonly values: number;
  readonly not_finite: number;
}

const NAMES: Readonly<Record<Group, string>> = {
  resource: `resource_name || ' (' || account_id || ')'`,
  team: 'team',
  fleet: `'all'`,
};

/** Throws UsageError while no account declares metrics. */
export async function utilisationCommand(
  context: Context,
  options: { readonly by: Group; readonly days: number },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  if (configuration.accounts.every(({ metrics }) => metrics.length === 0)) {
    throw new UsageError(
      'no account declares metrics: add an account of provider prometheus with `metrics` (README, "Measured use")',
    );
  }
  const warehouse = await openReady(configuration.database);
  try {
    const { pool } = warehouse;
    await refuseClockAhead(pool, context.clock, context.log);
    await registerMetrics(pool, configuration.accounts);
    const nowMs = context.clock.nowMs();
    await underReportLock(pool, (connection) => refreshUtilisation(connection, nowMs));
    const use = await readUse(pool, options.by, options.days, nowMs);
    const metrics = await readMatches(pool, options.days, nowMs);
    const currency = await readStoredCurrency(pool, configuration.reportingCurrency);
    present(
      context,
      { reporting_currency: currency, days: options.days, by: options.by, use, metrics },
      () =>
        [
          useTable(use, options.by, currency),
          '\nWhat is not measured is unknown, never idle. Metrics:\n\n',
          matchTable(metrics),
        ].join(''),
    );
  } finally {
    await warehouse.close();
  }
}

/** Whole UTC days before `nowMs`, the most idle money first. */
async function readUse(pool: pg.Pool, by: Group, days: number, nowMs: number): Promise<UseRow[]> {
  const { rows } = await pool.query<UseRow>(
    `with grouped as (
       select ${NAMES[by]} as name, hours_unit,
         sum(paid_hours) as paid_hours, sum(active_hours) as active_hours,
         sum(allocated_idle_hours) as allocated_idle_hours,
         sum(unallocated_hours) as unallocated_hours, sum(unknown_hours) as unknown_hours,
         sum(reporting_cost) as cost, sum(active_reporting_cost) as active_cost,
         sum(allocated_idle_reporting_cost) as allocated_idle_cost,
         sum(unallocated_reporting_cost) as unallocated_cost,
         sum(unknown_reporting_cost) as unknown_cost
       from mart.rpt_utilisation_daily
       where usage_date >= ($1::timestamptz at time zone 'UTC')::date - $2::integer
         and usage_date < ($1::timestamptz at time zone 'UTC')::date
       group by 1, 2
     )
     select name, hours_unit, trim_scale(paid_hours) as paid_hours,
       trim_scale(active_hours) as active_hours,
       trim_scale(allocated_idle_hours) as allocated_idle_hours,
       trim_scale(unallocated_hours) as unallocated_hours,
       trim_scale(unknown_hours) as unknown_hours, trim_scale(cost) as cost,
       trim_scale(active_cost) as active_cost,
       trim_scale(allocated_idle_cost) as allocated_idle_cost,
       trim_scale(unallocated_cost) as unallocated_cost, trim_scale(unknown_cost) as unknown_cost,
       round(100 * active_hours / nullif(paid_hours - unknown_hours, 0), ${PERCENT})
         as active_percent,
       round(cost / nullif(paid_hours, 0), 4) as cost_per_paid_hour,
       round((cost - unknown_cost) / nullif(active_hours, 0), 4) as cost_per_active_hour
     from grouped
     order by allocated_idle_cost + unallocated_cost desc, name collate "C", hours_unit collate "C"`,
    [new Date(nowMs), days],
  );
  return rows;
}

async function readMatches(pool: pg.Pool, days: number, nowMs: number): Promise<MatchRow[]> {
  const { rows } = await pool.query<MatchRow>(
    `select metric.account_id, metric.metric, metric.query,
       coalesce(sum(daily.series), 0)::integer as series,
       coalesce(sum(daily.matched_series), 0)::integer as matched,
       coalesce(sum(daily.sampled_hours), 0)::integer as values,
       coalesce(sum(daily.hours_not_finite), 0)::integer as not_finite
     from reference.metric
     left join mart.rpt_metric_daily as daily
       on daily.account_id = metric.account_id and daily.metric = metric.metric
       and daily.usage_date >= ($1::timestamptz at time zone 'UTC')::date - $2::integer
       and daily.usage_date < ($1::timestamptz at time zone 'UTC')::date
     group by metric.account_id, metric.metric, metric.query
     order by metric.account_id collate "C", metric.metric collate "C"`,
    [new Date(nowMs), days],
  );
  return rows;
}

function useTable(rows: readonly UseRow[], by: Group, currency: string): string {
  const amount = (title: string, value: (row: UseRow) => string | null) => ({
    title,
    value: (row: UseRow) => {
      const shown = value(row);
      return shown === null ? '-' : formatAmount(shown);
    },
    align: 'right' as const,
  });
  return table(rows, [
    { title: by, value: (row) => row.name },
    { title: 'unit', value: (row) => row.hours_unit },
    amount('paid', (row) => row.paid_hours),
    amount('active', (row) => row.active_hours),
    amount('idle', (row) => row.allocated_idle_hours),
    amount('unallocated', (row) => row.unallocated_hours),
    amount('unknown', (row) => row.unknown_hours),
    { title: 'active %', value: (row) => row.active_percent ?? '-', align: 'right' },
    amount(`cost ${currency}`, (row) => row.cost),
    amount('of it idle', (row) => row.allocated_idle_cost),
    amount('of it unallocated', (row) => row.unallocated_cost),
    amount('of it unknown', (row) => row.unknown_cost),
    amount('per paid hour', (row) => row.cost_per_paid_hour),
    amount('per active hour', (row) => row.cost_per_active_hour),
  ]);
}

function matchTable(rows: readonly MatchRow[]): string {
  return table(rows, [
    { title: 'account', value: (row) => row.account_id },
    { title: 'metric', value: (row) => row.metric },
    { title: 'series-days', value: (row) => String(row.series), align: 'right' },
    { title: 'matched', value: (row) => String(row.matched), align: 'right' },
    { title: 'values', value: (row) => String(row.values), align: 'right' },
    { title: 'NaN or Inf', value: (row) => String(row.not_finite), align: 'right' },
    { title: 'note', value: noteOf },
  ]);
}

function noteOf(row: MatchRow): string {
  if (row.series === 0) return 'no series: check the query, and that the server has data';
  if (row.matched === row.series) return '';
  return 'labels of some series name no resource, or several: they count as unknown';
}

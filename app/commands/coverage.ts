/** `meterhouse coverage`: which hours of each stream were collected, and what the gaps may hide. */

import { monthOf, monthRange } from '../../foundation/months.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { formatAmount, table } from '../output.ts';
import { readStoredCurrency } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

interface StreamCoverage {
  readonly account_id: string;
  readonly stream: string;
  readonly hours: number;
  readonly collected: number;
  readonly empty_confirmed: number;
  readonly late: number;
  readonly missing: number;
}

interface Gap {
  readonly account_id: string;
  readonly stream: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly is_over: boolean;
  readonly is_missing: boolean;
  /** Before the stream's first sync. */
  readonly is_before_first: boolean;
  /** A month that `collect --since` has not read yet. */
  readonly can_be_collected: boolean;
  /** In the reporting currency; null where the day before is not known. */
  readonly may_hide_cost: string | null;
}

/** `month` null is the current one. */
export async function coverageCommand(
  context: Context,
  options: { readonly month: string | null },
): Promise<void> {
  const month = options.month ?? monthOf(context.clock.nowMs());
  const range = monthRange(month);
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const { rows: streams } = await warehouse.pool.query<StreamCoverage>(
      `select account_id, stream, count(*) as hours,
         count(*) filter (where coverage = 'collected') as collected,
         count(*) filter (where coverage = 'empty-confirmed') as empty_confirmed,
         count(*) filter (where coverage = 'late') as late,
         count(*) filter (where coverage = 'missing') as missing
       from mart.rpt_coverage_hour
       where hour_start >= $1::timestamp at time zone 'UTC'
         and hour_start < $2::timestamp at time zone 'UTC'
       group by account_id, stream
       order by account_id, stream`,
      [range.from, range.to],
    );
    const { rows: gaps } = await warehouse.pool.query<Gap>(
      `select account_id, stream, is_over, is_missing, is_before_first, can_be_collected,
         to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as starts_at,
         to_char(ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ends_at,
         trim_scale(may_hide_cost) as may_hide_cost
       from mart.rpt_coverage_gap
       where is_metering
         and starts_at < $2::timestamp at time zone 'UTC'
         and ends_at > $1::timestamp at time zone 'UTC'
       order by rpt_coverage_gap.starts_at, account_id, stream`,
      [range.from, range.to],
    );
    const currency = await readStoredCurrency(warehouse.pool, configuration.reportingCurrency);
    present(context, { month, streams, gaps }, () =>
      [
        `Hours of ${month} by stream\n\n`,
        streamTable(streams),
        '\nGaps in the streams that charges rest on\n\n',
        gaps.length === 0 ? 'none\n' : gapTable(gaps, currency),
      ].join(''),
    );
  } finally {
    await warehouse.close();
  }
}

function streamTable(rows: readonly StreamCoverage[]): string {
  return table(rows, [
    { title: 'account', value: (row) => row.account_id },
    { title: 'stream', value: (row) => row.stream },
    { title: 'hours', value: (row) => String(row.hours), align: 'right' },
    { title: 'collected', value: (row) => String(row.collected), align: 'right' },
    { title: 'empty-confirmed', value: (row) => String(row.empty_confirmed), align: 'right' },
    { title: 'late', value: (row) => String(row.late), align: 'right' },
    { title: 'missing', value: (row) => String(row.missing), align: 'right' },
  ]);
}

function gapTable(rows: readonly Gap[], currency: string): string {
  return table(rows, [
    { title: 'account', value: (row) => row.account_id },
    { title: 'stream', value: (row) => row.stream },
    { title: 'from', value: (row) => row.starts_at },
    { title: 'until', value: (row) => (row.is_over ? row.ends_at : 'now') },
    { title: 'state', value: (row) => stateOf(row) },
    {
      title: `may hide ${currency}`,
      value: (row) => (row.may_hide_cost === null ? 'unknown' : formatAmount(row.may_hide_cost)),
      align: 'right',
    },
  ]);
}

function stateOf(gap: Gap): string {
  if (gap.can_be_collected) return 'not collected: run collect --since';
  if (gap.is_before_first) return 'missing: before the first sync, not reported by the provider';
  if (gap.is_missing) return 'missing: the provider does not report it any more';
  return gap.is_over ? 'recovered by the next sync' : 'late: the next sync can still recover it';
}

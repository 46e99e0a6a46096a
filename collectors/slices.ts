/** Cuts one run of a stream into its slices. */
import type pg from 'pg';
import { ContractError, UsageError } from '../foundation/errors.ts';
import { metricDaySlices } from './metric-days.ts';
import type { MonthWindow, Slice, Stream } from './stream.ts';

/** More records of a parent entity than this would be more requests than any schedule allows. */
export const SLICES_MAX = 10_000;
/** A month two back is read again weekly, each one before it at twice the interval, up to four weeks. */
const READ_AGAIN_DAYS_MIN = 7;
const READ_AGAIN_DAYS_MAX = 28;
const DAY_MS = 86_400_000;
const MONTH_NAME = /^(\d{4})-(0[1-9]|1[0-2])$/;

/**
 * The slices to sweep now. `months` (`YYYY-MM`) replaces the current and previous months of a
 * month-sliced stream and means nothing to the others. Throws UsageError for a malformed month.
 */
export async function slicesOf(
  connection: pg.ClientBase | pg.Pool,
  accountId: string,
  stream: Stream,
  nowMs: number,
  months: readonly string[],
): Promise<Slice[]> {
  const { slices } = stream;
  switch (slices.kind) {
    case 'whole':
      return [{ name: '' }];
    case 'months':
      if (months.length > 0) return months.map(monthSlice);
      return [
        ...(await monthsToReadAgain(connection, accountId, stream, nowMs)),
        ...recentMonths(nowMs, slices.previous),
      ].map(monthSlice);
    case 'per-record':
      return recordSlices(connection, accountId, slices.entity);
    case 'metric-days':
      return metricDaySlices(connection, { accountId, streamId: stream.id, nowMs }, slices.metrics);
  }
}

/** The UTC month of an instant and the `previous` ones before it, oldest first. */
export function recentMonths(nowMs: number, previous: number): string[] {
  const now = new Date(nowMs);
  const names: string[] = [];
  for (let back = previous; back >= 0; back -= 1) {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
    names.push(first.toISOString().slice(0, 'YYYY-MM'.length));
  }
  return names;
}

/** The UTC months from `since` (`YYYY-MM`) to the one of an instant, oldest first. Throws UsageError. */
export function monthsSince(since: string, nowMs: number): string[] {
  const { year, month } = windowOf(since);
  const now = new Date(nowMs);
  const back = (now.getUTCFullYear() - year) * 12 + now.getUTCMonth() + 1 - month;
  if (back < 0) throw new UsageError(`${since} is in the future: there is nothing to collect yet`);
  return recentMonths(nowMs, back);
}

/**
 * Months that were read before, no longer recent, whose last complete sweep is older than the
 * interval of their age: a provider may restate a month long after its end. Oldest first.
 */
async function monthsToReadAgain(
  connection: pg.ClientBase | pg.Pool,
  accountId: string,
  { id, slices }: Stream,
  nowMs: number,
): Promise<string[]> {
  if (slices.kind !== 'months' || slices.readAgain === undefined) return [];
  const older = recentMonths(nowMs, slices.readAgain).slice(0, -(slices.previous + 1));
  const dueBefore = older.map((_, index) => {
    const doublings = older.length - 1 - index;
    const days = Math.min(READ_AGAIN_DAYS_MIN * 2 ** doublings, READ_AGAIN_DAYS_MAX);
    return new Date(nowMs - days * DAY_MS);
  });
  const { rows } = await connection.query<{ slice: string }>({
    name: 'months_to_read_again',
    text: `select watermark.slice
           from landing.watermark
           join unnest($3::text[], $4::timestamptz[]) as older (slice, due_before) using (slice)
           where watermark.account_id = $1 and watermark.stream = $2
             and watermark.complete_at <= older.due_before
           order by watermark.slice collate "C"`,
    values: [accountId, id, older, dueBefore],
  });
  return rows.map(({ slice }) => slice);
}

/** The slice of a UTC calendar month given as `YYYY-MM`. */
export function monthSlice(name: string): Slice {
  return { name, month: windowOf(name) };
}

function windowOf(name: string): MonthWindow {
  const match = MONTH_NAME.exec(name);
  if (match === null) {
    throw new UsageError(`"${name}" is not a month: write YYYY-MM, such as 2026-10`);
  }
  const year = Number.parseInt(match[1] ?? '', 10);
  const month = Number.parseInt(match[2] ?? '', 10);
  return {
    year,
    month,
    startDate: `${name}-01`,
    endDate: new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 'YYYY-MM-DD'.length),
  };
}

async function recordSlices(
  connection: pg.ClientBase | pg.Pool,
  accountId: string,
  entity: string,
): Promise<Slice[]> {
  const { rows } = await connection.query<{ record_key: string }>({
    name: 'record_slices',
    text: `select distinct record_key
           from landing.version
           where account_id = $1 and entity = $2 and ended_at is null
           order by record_key
           limit $3`,
    values: [accountId, entity, SLICES_MAX + 1],
  });
  if (rows.length > SLICES_MAX) {
    throw new ContractError(
      `account ${accountId}: more than ${SLICES_MAX} records of ${entity}: too many to ask for one by one`,
    );
  }
  return rows.map((row) => ({ name: row.record_key }));
}

/**
 * Which streams should have run by now and have not. The same rule serves the daemon's ticks, the
 * catch-up after downtime and the demo's simulated days: a stream is due when its last attempt is
 * older than the latest instant of its schedule.
 */
import { CronExpressionParser } from 'cron-parser';
import type pg from 'pg';
import type { Stream } from '../collectors/stream.ts';
import type { Account, Configuration } from './config.ts';

const HOUR_MS = 3_600_000;

export interface StreamOfAccount {
  readonly account: Account;
  readonly stream: Stream;
  /** The cron expression in force. */
  readonly schedule: string;
  /** Without a complete sweep for this long the stream is late, by the schedule in force. */
  readonly staleAfterHours: number;
}

/** The cron expression in force for a stream. */
export function scheduleOf(configuration: Configuration, stream: Stream): string {
  return configuration.schedules.get(stream.id) ?? stream.schedule;
}

/** The latest instant at or before `nowMs` that the expression names. */
export function latestScheduledMs(expression: string, nowMs: number): number {
  // prev() is exclusive of the current instant, which itself may be one that the schedule names.
  return CronExpressionParser.parse(expression, { tz: 'UTC', currentDate: new Date(nowMs + 1) })
    .prev()
    .getTime();
}

/** The first instant after `nowMs` that the expression names. */
export function nextScheduledMs(expression: string, nowMs: number): number {
  return CronExpressionParser.parse(expression, { tz: 'UTC', currentDate: new Date(nowMs) })
    .next()
    .getTime();
}

/** Every stream of every account, in the order in which an account's streams depend on each other. */
export function allStreams(configuration: Configuration): StreamOfAccount[] {
  return configuration.accounts.flatMap((account) =>
    inDependencyOrder(account.provider.streams).map((stream) => ({
      account,
      stream,
      schedule: scheduleOf(configuration, stream),
      staleAfterHours: staleAfterHours(configuration, stream),
    })),
  );
}

/** The stream's own limit; for a schedule of the user's, two of its intervals and an hour. */
function staleAfterHours(configuration: Configuration, stream: Stream): number {
  const expression = configuration.schedules.get(stream.id);
  if (expression === undefined) return stream.staleAfterHours;
  return Math.ceil((2 * intervalMs(expression)) / HOUR_MS) + 1;
}

/** The longer of two intervals that follow each other in a schedule. */
export function intervalMs(expression: string): number {
  const first = nextScheduledMs(expression, 0);
  const second = nextScheduledMs(expression, first);
  const third = nextScheduledMs(expression, second);
  return Math.max(second - first, third - second);
}

/** The streams of one account as its loop asks them: what charges rest on before catalogues. */
export function accountStreams(configuration: Configuration, account: Account): StreamOfAccount[] {
  const { streams } = account.provider;
  const metering = streams.filter((stream) => stream.retellsHours !== undefined);
  return inDependencyOrder(streams, [...metering, ...streams]).map((stream) => ({
    account,
    stream,
    schedule: scheduleOf(configuration, stream),
    staleAfterHours: staleAfterHours(configuration, stream),
  }));
}

/** The last run of a stream, by the clock of that run, and whether a part of it failed. */
export interface Attempt {
  readonly at: Date;
  readonly isFailed: boolean;
}

/** The last attempt of each of the streams, in their order; null where there was none. */
export async function lastAttempts(
  pool: pg.Pool,
  streams: readonly StreamOfAccount[],
): Promise<(Attempt | null)[]> {
  const { rows } = await pool.query<{ last_at: Date | null; is_failed: boolean }>({
    name: 'last_attempts',
    text: `select last.at as last_at, exists (
             select from landing.sweep
             where sweep.account_id = wanted.account_id and sweep.stream = wanted.stream
               and sweep.started_at = last.at and sweep.outcome = 'failed'
           ) as is_failed
           from unnest($1::text[], $2::text[]) with ordinality as wanted (account_id, stream, place)
           left join lateral (
             select sweep.started_at as at
             from landing.sweep
             where sweep.account_id = wanted.account_id and sweep.stream = wanted.stream
             order by sweep.started_at desc
             limit 1
           ) as last on true
           order by wanted.place`,
    values: [streams.map(({ account }) => account.id), streams.map(({ stream }) => stream.id)],
  });
  return rows.map(({ last_at, is_failed }) =>
    last_at === null ? null : { at: last_at, isFailed: is_failed },
  );
}

/** Whether the stream's schedule named an instant after `lastAt` and up to `nowMs`. */
export function isScheduledSince(
  configuration: Configuration,
  stream: Stream,
  lastAt: Date | null,
  nowMs: number,
): boolean {
  if (lastAt === null) return true;
  return lastAt.getTime() < latestScheduledMs(scheduleOf(configuration, stream), nowMs);
}

export async function dueStreams(
  pool: pg.Pool,
  configuration: Configuration,
  nowMs: number,
): Promise<StreamOfAccount[]> {
  const streams = allStreams(configuration);
  const attempts = await lastAttempts(pool, streams);
  // Streams share expressions, and working one out costs more than all the rest.
  const latestMs = new Map<string, number>();
  return streams.filter(({ stream }, index) => {
    const attempt = attempts[index] ?? null;
    if (attempt === null) return true;
    const expression = scheduleOf(configuration, stream);
    const scheduledMs = latestMs.get(expression) ?? latestScheduledMs(expression, nowMs);
    latestMs.set(expression, scheduledMs);
    return attempt.at.getTime() < scheduledMs;
  });
}

/** The streams in the order of `wished`, save that one cut by the records of another comes after it. */
function inDependencyOrder(
  streams: readonly Stream[],
  wished: readonly Stream[] = streams,
): Stream[] {
  const ordered: Stream[] = [];
  const add = (stream: Stream): void => {
    if (ordered.includes(stream)) return;
    const { slices } = stream;
    if (slices.kind === 'per-record') {
      const parent = streams.find(({ id }) => id === slices.listedBy);
      if (parent !== undefined && parent !== stream) add(parent);
    }
    ordered.push(stream);
  };
  for (const stream of wished) add(stream);
  return ordered;
}

/**
 * The only place with control flow for collecting: take the stream's lock, cut it into slices,
 * read each slice's pages, land them, record what happened. A slice that fails does not stop its
 * neighbours; refused credentials stop the run.
 */
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import {
  ContractError,
  CredentialsError,
  ListingMovedError,
  ProviderError,
  UnavailableError,
} from '../foundation/errors.ts';
import type { HttpClient } from './http/client.ts';
import { type Page, readPages } from './http/read-pages.ts';
import { type LandedSweep, recordIncompleteSweep, SweepLanding } from './landing.ts';
import { recentMonths, slicesOf } from './slices.ts';
import type { Slice, Stream } from './stream.ts';

const REREADS_MAX = 3;
/** PostgreSQL advisory lock space of stream locks; an arbitrary constant of this project. */
const STREAM_LOCK_SPACE = 7_120_002;

export interface SweepLimits {
  readonly pagesMax: number;
  readonly sweepMsMax: number;
}

export const DEFAULT_SWEEP_LIMITS: SweepLimits = { pagesMax: 10_000, sweepMsMax: 15 * 60_000 };

export interface StreamRun {
  readonly accountId: string;
  readonly stream: Stream;
  readonly client: HttpClient;
  /** Without a complete sweep for this long the stream is late; the stream's own by default. */
  readonly staleAfterHours?: number;
  /** The run's clock; every sweep of the run carries this instant. */
  readonly nowMs: number;
  /** `YYYY-MM`: months asked for instead of the current and previous ones. */
  readonly months?: readonly string[];
  /** The months asked for reach into the past: one that the provider refuses is no failure. */
  readonly isBackfill?: boolean;
  readonly limits?: SweepLimits;
  readonly signal?: AbortSignal;
}

/** What became of one slice. */
export interface SweepResult {
  readonly accountId: string;
  readonly streamId: string;
  readonly slice: string;
  readonly outcome: 'complete' | 'denied' | 'failed';
  readonly error: string | null;
  readonly landed: LandedSweep | null;
  readonly requests: number;
}

/**
 * Runs one stream of one account. Returns one result per slice, or null when another process is
 * running the stream at this moment. Throws CredentialsError (after recording the failed sweep).
 */
export async function runStream(pool: pg.Pool, run: StreamRun): Promise<SweepResult[] | null> {
  const connection = await pool.connect();
  let isBroken = false;
  try {
    if (!(await tryLock(connection, run))) return null;
    try {
      await expectStream(connection, run);
      return await runSlices(connection, run);
    } finally {
      await unlock(connection, run).catch(() => {
        isBroken = true; // the session is lost, and the lock with it
      });
    }
  } finally {
    connection.release(isBroken);
  }
}

/** Notes what coverage is held against; most runs find it noted. */
async function expectStream(connection: pg.ClientBase, run: StreamRun): Promise<void> {
  const { retellsHours } = run.stream;
  await connection.query(
    `insert into landing.expectation as held (
       account_id, stream, expected_from, stale_after, is_metering, retells
     )
     select $1, $2, $3, wanted.stale_after, $5, wanted.retells
     from (
       select make_interval(hours => $4) as stale_after, make_interval(hours => $6) as retells
     ) as wanted
     where not exists ( -- most runs find it so, and write nothing
       select from landing.expectation as same
       where same.account_id = $1 and same.stream = $2 and same.stale_after = wanted.stale_after
         and same.is_metering = $5 and same.retells is not distinct from wanted.retells
     )
     on conflict (account_id, stream) do update set
       stale_after = excluded.stale_after, is_metering = excluded.is_metering,
       retells = excluded.retells`,
    [
      run.accountId,
      run.stream.id,
      new Date(run.nowMs),
      run.staleAfterHours ?? run.stream.staleAfterHours,
      retellsHours !== undefined,
      retellsHours === Number.POSITIVE_INFINITY ? null : (retellsHours ?? 0),
    ],
  );
}

async function runSlices(connection: pg.ClientBase, run: StreamRun): Promise<SweepResult[]> {
  const slices = await slicesOf(connection, run.accountId, run.stream, run.nowMs, run.months ?? []);
  const results: SweepResult[] = [];
  for (const slice of slices) {
    run.signal?.throwIfAborted();
    results.push(await sweep(connection, run, slice));
  }
  return results;
}

async function sweep(
  connection: pg.ClientBase,
  run: StreamRun,
  slice: Slice,
): Promise<SweepResult> {
  const identity = {
    accountId: run.accountId,
    stream: run.stream,
    slice,
    startedAtMs: run.nowMs,
  };
  const counters = { requests: 0, retries: 0 };
  const startedMs = performance.now();
  const cost = () => ({ counters, durationMs: performance.now() - startedMs });
  const result = (
    outcome: SweepResult['outcome'],
    error: string | null,
    landed: LandedSweep | null,
  ): SweepResult => ({
    accountId: run.accountId,
    streamId: run.stream.id,
    slice: slice.name,
    outcome,
    error,
    landed,
    requests: counters.requests,
  });
  try {
    const answer = await readSlice(connection, run, slice, counters);
    if (answer.outcome === 'denied') {
      const message = answer.message ?? 'denied';
      await recordIncompleteSweep(connection, identity, 'denied', message, cost());
      return result('denied', message, null);
    }
    return result('complete', null, await answer.landing.commit(cost()));
  } catch (error) {
    const failure = landingFailure(error, run, slice);
    if (failure !== null) {
      await recordIncompleteSweep(connection, identity, 'failed', failure, cost());
      return result('failed', failure, null);
    }
    if (!(error instanceof ProviderError || error instanceof ListingMovedError)) throw error;
    if (isRefusedPast(error, run, slice)) {
      await recordIncompleteSweep(connection, identity, 'denied', error.message, cost());
      return result('denied', error.message, null);
    }
    await recordIncompleteSweep(connection, identity, 'failed', error.message, cost());
    if (error instanceof CredentialsError) throw error;
    return result('failed', error.message, null);
  }
}

/** How providers answer for a month that they do not report any more. */
const PAST_REFUSED: readonly (number | null)[] = [400, 404, 410, 422];

/** Whether the provider refused a month that no scheduled run would ask for. */
function isRefusedPast(error: Error, run: StreamRun, slice: Slice): boolean {
  const { slices } = run.stream;
  return (
    run.isBackfill === true &&
    slices.kind === 'months' &&
    !recentMonths(run.nowMs, slices.previous).includes(slice.name) &&
    error instanceof ContractError &&
    PAST_REFUSED.includes(error.request?.status ?? null)
  );
}

/** Reads a slice whole, again from the start when the listing moved under the reader. */
async function readSlice(
  connection: pg.ClientBase,
  run: StreamRun,
  slice: Slice,
  counters: { requests: number; retries: number },
): Promise<{ outcome: 'complete' | 'denied'; message: string | null; landing: SweepLanding }> {
  const { stream, client } = run;
  for (let reads = 1; ; reads += 1) {
    const landing = new SweepLanding(connection, {
      accountId: run.accountId,
      stream,
      slice,
      startedAtMs: run.nowMs,
    });
    const onPage = (page: Page): Promise<void> => {
      assertShapes(stream, slice, page.body);
      landing.addPage(page);
      return Promise.resolve();
    };
    try {
      const { outcome, message } = await readPages({
        stream,
        slice,
        client,
        counters,
        limits: run.limits ?? DEFAULT_SWEEP_LIMITS,
        ...(run.signal === undefined ? {} : { signal: run.signal }),
        onPage,
      });
      return { outcome: outcome === 'denied' ? 'denied' : 'complete', message, landing };
    } catch (error) {
      if (!(error instanceof ListingMovedError)) throw error;
      if (reads > REREADS_MAX) {
        throw new UnavailableError(
          `account ${run.accountId}: ${stream.id} kept changing while it was read (${reads} times): ${error.message}`,
          { cause: error },
        );
      }
    }
  }
}

/** SQLSTATE of landing.apply_sweep: the slice has a later sweep. */
const OLDER_CLOCK = 'MH001';
/** Class 22, data exception: text or numbers of the answer that PostgreSQL cannot hold. */
const DATA_EXCEPTION = /^22/;

/** Why an answer could not be landed, or null when the fault is not the answer's. Quotes no data. */
function landingFailure(error: unknown, run: StreamRun, slice: Slice): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const place = `account ${run.accountId}: ${run.stream.id} ${slice.name}`.trim();
  if (code === OLDER_CLOCK) return `${place}: a later sweep is landed; use a later --now`;
  if (DATA_EXCEPTION.test(code)) {
    return `${place}: the answer holds what PostgreSQL cannot keep (SQLSTATE ${code})`;
  }
  return null;
}

/** A listing that is no list is a broken answer, not an empty one. */
function assertShapes(stream: Stream, slice: Slice, body: unknown): void {
  for (const { name, records } of stream.entities) {
    let place = body;
    for (const step of records.path) {
      place = typeof place === 'object' && place !== null ? Reflect.get(place, step) : undefined;
    }
    const isRight =
      records.shape === 'array'
        ? Array.isArray(place)
        : typeof place === 'object' && place !== null && !Array.isArray(place);
    if (isRight) continue;
    const where = records.path.length === 0 ? 'the answer' : `"${records.path.join('.')}"`;
    const wanted = records.shape === 'array' ? 'a list' : 'an object';
    throw new ContractError(
      `${stream.id}${slice.name === '' ? '' : ` ${slice.name}`}: ${where} should be ${wanted} of ${name}`,
    );
  }
}

async function tryLock(connection: pg.ClientBase, run: StreamRun): Promise<boolean> {
  const { rows } = await connection.query<{ is_locked: boolean }>({
    name: 'try_stream_lock',
    text: 'select pg_try_advisory_lock($1, hashtext($2)) as is_locked',
    values: [STREAM_LOCK_SPACE, lockName(run)],
  });
  return rows[0]?.is_locked === true;
}

async function unlock(connection: pg.ClientBase, run: StreamRun): Promise<void> {
  await connection.query({
    name: 'stream_unlock',
    text: 'select pg_advisory_unlock($1, hashtext($2))',
    values: [STREAM_LOCK_SPACE, lockName(run)],
  });
}

function lockName(run: StreamRun): string {
  return `${run.accountId} ${run.stream.id}`;
}

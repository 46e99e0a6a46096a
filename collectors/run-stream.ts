/**
 * The only place with control flow for collecting: take the stream's lock, cut it into slices,
 * read each slice's pages, land them, record what happened. A slice that fails does not stop its
 * neighbours. No database connection is held while the provider is waited for.
 */
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import {
  CredentialsError,
  ListingMovedError,
  ProviderError,
  UnavailableError,
  WaitAskedError,
} from '../foundation/errors.ts';
import { assertShapes } from './assert-shapes.ts';
import type { HttpClient } from './http/client.ts';
import { readPages, type SweepLimits } from './http/read-pages.ts';
import { DEFAULT_HTTP_SETTINGS, type HttpSettings } from './http/settings.ts';
import { type LandedSweep, SweepLanding } from './landing.ts';
import { landingFailure } from './landing-failure.ts';
import { type LockedRun, underStreamLock } from './locked-run.ts';
import { recentMonths, slicesOf } from './slices.ts';
import type { Slice } from './stream.ts';
import { recordIncompleteSweep, recordNothingToAsk } from './sweep-record.ts';

export type { SweepLimits } from './http/read-pages.ts';

const REREADS_MAX = 3;

/** The limits of one listing that the settings of an account name. */
export function sweepLimits(settings: HttpSettings): SweepLimits {
  const { sweepPagesMax, sweepRecordsMax, sweepMsMax } = settings;
  return { pagesMax: sweepPagesMax, recordsMax: sweepRecordsMax, sweepMsMax };
}

export const DEFAULT_SWEEP_LIMITS: SweepLimits = sweepLimits(DEFAULT_HTTP_SETTINGS);

export interface StreamRun extends LockedRun {
  readonly client: HttpClient;
  /** `YYYY-MM`: months asked for instead of the current and previous ones. */
  readonly months?: readonly string[];
  /** The months asked for reach into the past: one that the provider refuses is no failure. */
  readonly isBackfill?: boolean;
  /** The client's settings by default. */
  readonly limits?: SweepLimits;
  /**
   * Asked after a 401: is the key refused everywhere? Then the run ends; else the slice has failed and
   * the others go on. Without it, a 401 ends the run.
   */
  readonly isKeyRefused?: () => Promise<boolean>;
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
 * running the stream at this moment. Throws CredentialsError when the key is refused and
 * WaitAskedError when the provider wants to be left alone, each after recording the failed sweep.
 */
export async function runStream(pool: pg.Pool, run: StreamRun): Promise<SweepResult[] | null> {
  return underStreamLock(pool, run, (signal, lockHolder) =>
    runSlices(pool, { ...run, signal }, lockHolder),
  );
}

async function runSlices(
  pool: pg.Pool,
  run: StreamRun,
  lockHolder: string,
): Promise<SweepResult[]> {
  const slices = await slicesOf(pool, run.accountId, run.stream, run.nowMs, run.months ?? []);
  if (slices.length === 0) await recordNothingToAsk(pool, run.accountId, run.stream, run.nowMs);
  const results: SweepResult[] = [];
  for (const slice of slices) {
    run.signal?.throwIfAborted();
    results.push(await sweep(pool, run, slice, lockHolder));
  }
  return results;
}

async function sweep(
  pool: pg.Pool,
  run: StreamRun,
  slice: Slice,
  lockHolder: string,
): Promise<SweepResult> {
  const identity = {
    accountId: run.accountId,
    stream: run.stream,
    slice,
    startedAtMs: run.nowMs,
    lockHolder,
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
    const { message, landed } = await landSlice(pool, run, identity, cost);
    if (landed !== null) return result('complete', null, landed);
    await recordIncompleteSweep(pool, identity, 'denied', message, cost());
    return result('denied', message, null);
  } catch (error) {
    const failure = failureOf(error, run, slice);
    if (failure === null) throw error;
    if (isRefusedPast(error, run, slice)) {
      await recordIncompleteSweep(pool, identity, 'denied', failure, cost());
      return result('denied', failure, null);
    }
    await recordIncompleteSweep(pool, identity, 'failed', failure, cost());
    if (await endsRun(error, run)) throw error;
    return result('failed', failure, null);
  }
}

/** How providers answer for a month that they do not report any more. */
const PAST_REFUSED: readonly (number | null)[] = [400, 404, 410, 422];

/** Whether the provider refused a month that no scheduled run would ask for. */
function isRefusedPast(error: unknown, run: StreamRun, slice: Slice): boolean {
  const { slices } = run.stream;
  return (
    run.isBackfill === true &&
    slices.kind === 'months' &&
    !recentMonths(run.nowMs, slices.previous).includes(slice.name) &&
    error instanceof ProviderError &&
    PAST_REFUSED.includes(error.request?.status ?? null)
  );
}

/** What a sweep's record says of an error that is the slice's own; null for any other. */
function failureOf(error: unknown, run: StreamRun, slice: Slice): string | null {
  if (error instanceof ProviderError || error instanceof ListingMovedError) return error.message;
  return landingFailure(error, `account ${run.accountId}: ${run.stream.id} ${slice.name}`.trim());
}

/** A refused key or a long wait is not the slice's alone. */
async function endsRun(error: unknown, run: StreamRun): Promise<boolean> {
  if (error instanceof WaitAskedError) return true;
  if (!(error instanceof CredentialsError)) return false;
  return run.isKeyRefused === undefined || (await run.isKeyRefused());
}

/**
 * Reads a slice whole and lands it, again from the start when the listing moved under the reader. A
 * record on two pages looks like that, too; when the next reading has as many records as the listing
 * says and all in the same order, then the listing is at rest and has the record twice. `landed` is null where the provider denies the slice; `message` are its words then.
 */
async function landSlice(
  pool: pg.Pool,
  run: StreamRun,
  identity: ConstructorParameters<typeof SweepLanding>[1] & { readonly slice: Slice },
  cost: () => Parameters<SweepLanding['commit']>[0],
): Promise<{ message: string; landed: LandedSweep | null }> {
  const { stream, client, signal } = run;
  const { slice } = identity;
  let formerOrder: string | null = null;
  for (let reads = 1; ; reads += 1) {
    const landing = new SweepLanding(pool, identity);
    const orderBefore = formerOrder;
    formerOrder = null;
    try {
      const { outcome, message, order } = await readPages({
        stream,
        slice,
        client,
        counters: cost().counters,
        limits: run.limits ?? sweepLimits(client.settings),
        ...(signal === undefined ? {} : { signal }),
        onPage: (page) => {
          assertShapes(stream, slice, page.body);
          return landing.addPage(page);
        },
      });
      if (outcome === 'denied') return { message: message ?? 'denied', landed: null };
      formerOrder = order;
      const isAtRest = order !== null && order === orderBefore;
      return { message: '', landed: await landing.commit(cost(), isAtRest) };
    } catch (error) {
      if (!(error instanceof ListingMovedError)) throw error;
      if (reads > REREADS_MAX) {
        throw new UnavailableError(
          `account ${run.accountId}: ${stream.id} kept changing while it was read (${reads} times): ${error.message}`,
          { cause: error },
        );
      }
    } finally {
      await landing.discard().catch(() => undefined); // taken away with those of dead runs
    }
  }
}

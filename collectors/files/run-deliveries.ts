/**
 * The control flow of streams whose records are rows of files: list, group into deliveries, and land those
 * that changed since the last complete sweep. A delivery that fails does not stop its neighbours.
 */
import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import {
  CredentialsError,
  ListingMovedError,
  ProviderError,
  WaitAskedError,
} from '../../foundation/errors.ts';
import type { LandedSweep, SweepCost, SweepIdentity } from '../landing.ts';
import { landingFailure } from '../landing-failure.ts';
import { type LockedRun, underStreamLock } from '../locked-run.ts';
import type { SweepResult } from '../run-stream.ts';
import type { Stream } from '../stream.ts';
import { noteUnchangedSweep } from '../sweep-functions.ts';
import { recordIncompleteSweep } from '../sweep-record.ts';
import { FileFault } from './csv-splitter.ts';
import { type Delivery, deliveriesOf } from './deliveries.ts';
import type { FileRecords } from './file-records.ts';
import {
  FILE_LIMITS,
  type FileLimits,
  type FileSource,
  type LocalFile,
  shownPath,
} from './file-source.ts';
import { landDelivery } from './land-delivery.ts';

/** Raised when rows are read otherwise than before: files that did not change are read again then. */
const READING = 1;

export type FileStream = Stream & { readonly files: FileRecords };

export function deliversFiles(stream: Stream): stream is FileStream {
  return stream.files !== undefined;
}

export interface DeliveryRun extends LockedRun {
  readonly stream: FileStream;
  readonly source: FileSource;
  readonly limits?: FileLimits;
}

/**
 * Returns one result per delivery, or null when another process is running the stream at this moment.
 * Throws CredentialsError and WaitAskedError after recording the failed sweep.
 */
export async function runDeliveries(
  pool: pg.Pool,
  run: DeliveryRun,
): Promise<SweepResult[] | null> {
  return underStreamLock(pool, run, async (signal, lockHolder) => {
    const locked = { ...run, signal, lockHolder };
    const listed = await attempt(pool, locked, '', () => listDeliveries(run));
    if ('failed' in listed) return [listed.failed];
    const results: SweepResult[] = [];
    for (const delivery of listed.done) {
      signal.throwIfAborted();
      const swept = await attempt(pool, locked, delivery.name, (cost) =>
        sweepDelivery(pool, locked, delivery, cost),
      );
      results.push('failed' in swept ? swept.failed : complete(run, delivery, swept));
    }
    return results;
  });
}

interface HeldRun extends DeliveryRun {
  readonly signal: AbortSignal;
  readonly lockHolder: string;
}

interface Done<Result> {
  readonly done: Result;
  readonly requests: number;
}

/** Does a part of the run; a failure that is the files' own is recorded for the slice. */
async function attempt<Result>(
  pool: pg.Pool,
  run: HeldRun,
  slice: string,
  work: (cost: () => SweepCost) => Promise<Result>,
): Promise<Done<Result> | { readonly failed: SweepResult }> {
  const startedMs = performance.now();
  const requestsBefore = run.source.requests;
  const requests = (): number => run.source.requests - requestsBefore;
  const cost = (): SweepCost => ({
    counters: { requests: requests(), retries: 0 },
    durationMs: performance.now() - startedMs,
  });
  try {
    return { done: await work(cost), requests: requests() };
  } catch (error) {
    const failure = failureOf(error, run, slice);
    if (failure === null) throw error;
    await recordIncompleteSweep(pool, identityOf(run, slice), 'failed', failure, cost());
    if (error instanceof CredentialsError || error instanceof WaitAskedError) throw error;
    return { failed: { ...resultOf(run, slice, requests()), outcome: 'failed', error: failure } };
  }
}

async function listDeliveries({ source, stream, accountId }: DeliveryRun): Promise<Delivery[]> {
  const deliveries = deliveriesOf(await source.list(), stream.files);
  if (deliveries.length > 0) return deliveries;
  throw new ProviderError(
    `account ${accountId}: no file ends in .csv, .csv.gz or .parquet: check base_url, and that the export has run`,
  );
}

async function sweepDelivery(
  pool: pg.Pool,
  run: HeldRun,
  { name, files }: Delivery,
  cost: () => SweepCost,
): Promise<LandedSweep> {
  const fault = files.find((file) => file.fault !== null);
  if (fault !== undefined) throw new FileFault(`${shownPath(fault.path)}: ${fault.fault}`);
  const local = new Map<string, LocalFile>();
  const fetchInto = async (which: (mark: string | null) => boolean): Promise<void> => {
    for (const file of files.filter(({ mark }) => which(mark))) {
      run.signal.throwIfAborted();
      local.set(file.path, await run.source.fetch(file));
    }
  };
  await fetchInto((mark) => mark === null);
  const digest = createHash('sha256').update(`${READING}`);
  for (const { path, mark } of files) {
    digest.update(JSON.stringify([path, mark ?? local.get(path)?.mark]));
  }
  const identity = identityOf(run, name);
  const read = { identity, pages: files.length, pagesHash: digest.digest() };
  const unchanged = await noteUnchangedSweep(pool, { ...read, cost: cost() });
  if (unchanged !== null) return unchanged;
  await fetchInto((mark) => mark !== null);
  const delivered = files.map(({ path }) => ({ path, file: local.get(path)?.file ?? '' }));
  const { stream, signal, limits = FILE_LIMITS } = run;
  return landDelivery(pool, { ...read, cost: cost() }, delivered, {
    records: stream.files,
    limits,
    signal,
  });
}

/** What a sweep's record says of an error that is the slice's own; null for any other. */
function failureOf(
  error: unknown,
  { accountId, stream }: DeliveryRun,
  slice: string,
): string | null {
  if (error instanceof ProviderError || error instanceof ListingMovedError) return error.message;
  const place = `account ${accountId}: ${stream.id} ${shownPath(slice)}`.trim();
  if (error instanceof FileFault) {
    return `${place}: ${error.message}; nothing of the delivery was taken: have it written again`;
  }
  return landingFailure(error, place);
}

function identityOf(
  { accountId, stream, nowMs, lockHolder }: HeldRun,
  slice: string,
): SweepIdentity {
  return { accountId, stream, slice: { name: slice }, startedAtMs: nowMs, lockHolder };
}

function resultOf(
  { accountId, stream }: DeliveryRun,
  slice: string,
  requests: number,
): Omit<SweepResult, 'outcome'> {
  return { accountId, streamId: stream.id, slice, error: null, landed: null, requests };
}

function complete(run: DeliveryRun, { name }: Delivery, swept: Done<LandedSweep>): SweepResult {
  return { ...resultOf(run, name, swept.requests), outcome: 'complete', landed: swept.done };
}

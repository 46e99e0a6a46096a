/**
 * Asks what a collection asks, without a warehouse: the records by which a stream is cut are those
 * that its parent listed in the same reading. Nothing is landed; whoever asks looks at the pages.
 */
import {
  ContractError,
  ListingMovedError,
  ProviderError,
  WaitAskedError,
} from '../foundation/errors.ts';
import { assertShapes } from './assert-shapes.ts';
import type { HttpClient } from './http/client.ts';
import type { Page } from './http/parse-page.ts';
import { readPages, type SweepLimits } from './http/read-pages.ts';
import { monthSlice, recentMonths, SLICES_MAX } from './slices.ts';
import type { Entity, Slice, Stream } from './stream.ts';
import { keysOf } from './validate-records.ts';

const REREADS_MAX = 3;

export interface AccountReading {
  readonly client: HttpClient;
  /** Parents before the streams that are cut by their records, as providers list them. */
  readonly streams: readonly Stream[];
  /** The run's clock: decides which months are asked for. */
  readonly nowMs: number;
  readonly limits: SweepLimits;
  readonly signal?: AbortSignal;
  /** Called before each slice is asked for. */
  readonly onSlice?: (stream: Stream, slice: Slice) => void;
  readonly onPage: (stream: Stream, slice: Slice, page: Page) => Promise<void> | void;
}

/** What became of one slice, or of a stream without any. */
export interface SliceAnswer {
  readonly stream: Stream;
  /** Null for a stream that was not asked. */
  readonly slice: Slice | null;
  readonly outcome: 'complete' | 'denied' | 'absent' | 'failed' | 'not asked';
  readonly pages: number;
  /** One line; null when the slice is complete. Free of secrets, but not of the provider's words. */
  readonly message: string | null;
  /** Why it failed; null when it did not. */
  readonly error: ProviderError | ListingMovedError | null;
}

/** A slice that fails does not stop its neighbours; a provider that asks for a long wait ends it all. */
export async function readAccount(reading: AccountReading): Promise<SliceAnswer[]> {
  const listed = new Map<string, Set<string>>();
  const answers: SliceAnswer[] = [];
  let waitAsked: string | null = null;
  for (const stream of reading.streams) {
    const found = waitAsked === null ? slicesOf(stream, reading.nowMs, listed) : [];
    const slices = found.slice(0, SLICES_MAX);
    if (slices.length === 0) answers.push(notAsked(stream, waitAsked));
    if (found.length > SLICES_MAX) answers.push(tooMany(stream));
    for (const slice of slices) {
      reading.signal?.throwIfAborted();
      reading.onSlice?.(stream, slice);
      try {
        answers.push(await readSlice(reading, stream, slice, listed));
      } catch (error) {
        if (!(error instanceof ProviderError || error instanceof ListingMovedError)) throw error;
        const { message } = error;
        answers.push({ stream, slice, outcome: 'failed', pages: 0, message, error });
        if (!(error instanceof WaitAskedError)) continue;
        waitAsked = message;
        break;
      }
    }
  }
  return answers;
}

function notAsked(stream: Stream, waitAsked: string | null): SliceAnswer {
  const parent = stream.slices.kind === 'per-record' ? stream.slices.listedBy : '';
  const message = waitAsked ?? `${parent} lists nothing to ask for`;
  return { stream, slice: null, outcome: 'not asked', pages: 0, message, error: null };
}

function tooMany(stream: Stream): SliceAnswer {
  const error = new ContractError(
    `${stream.id}: more than ${SLICES_MAX} records to ask for one by one: the others were not asked`,
  );
  const { message } = error;
  return { stream, slice: null, outcome: 'failed', pages: 0, message, error };
}

function slicesOf(
  { slices }: Stream,
  nowMs: number,
  listed: ReadonlyMap<string, ReadonlySet<string>>,
): Slice[] {
  switch (slices.kind) {
    case 'whole':
      return [{ name: '' }];
    case 'months':
      return recentMonths(nowMs, slices.previous).map(monthSlice);
    case 'per-record':
      return [...(listed.get(slices.entity) ?? [])].map((name) => ({ name }));
    case 'metric-days':
      return [{ name: '' }];
  }
}

/** Reads a slice whole, again from the start when the listing moved under the reader. */
async function readSlice(
  { client, limits, signal, onPage }: AccountReading,
  stream: Stream,
  slice: Slice,
  listed: Map<string, Set<string>>,
): Promise<SliceAnswer> {
  for (let reads = 1; ; reads += 1) {
    try {
      const { outcome, pages, message } = await readPages({
        stream,
        slice,
        client,
        limits,
        counters: { requests: 0, retries: 0 },
        ...(signal === undefined ? {} : { signal }),
        onPage: async (page) => {
          assertShapes(stream, slice, page.body);
          for (const entity of stream.entities) noteKeys(listed, entity, page.body);
          await onPage(stream, slice, page);
        },
      });
      return { stream, slice, outcome, pages, message, error: null };
    } catch (error) {
      if (!(error instanceof ListingMovedError) || reads > REREADS_MAX) throw error;
    }
  }
}

function noteKeys(listed: Map<string, Set<string>>, entity: Entity, body: unknown): void {
  const keys = listed.get(entity.name) ?? new Set();
  listed.set(entity.name, keys);
  for (const key of keysOf(entity, body)) if (key !== null) keys.add(key);
}

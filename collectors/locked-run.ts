/** What every run of a stream begins and ends with, whatever its records come from. */
import type pg from 'pg';
import { expectStreams } from './expectation.ts';
import type { Stream } from './stream.ts';
import { StreamLock, StreamLockLostError } from './stream-lock.ts';

export interface LockedRun {
  readonly accountId: string;
  readonly stream: Stream;
  /** Without a complete sweep for this long the stream is late; the stream's own by default. */
  readonly staleAfterHours?: number;
  /** The run's clock; every sweep of the run carries this instant. */
  readonly nowMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Notes that the stream is expected and does the work while this process alone runs it; the signal is
 * aborted when that ends. Null when another process is running the stream.
 */
export async function underStreamLock<Result>(
  pool: pg.Pool,
  run: LockedRun,
  work: (signal: AbortSignal, lockHolder: string) => Promise<Result>,
): Promise<Result | null> {
  const { accountId, stream, nowMs, staleAfterHours = stream.staleAfterHours } = run;
  const lock = await StreamLock.take(pool, accountId, stream.id);
  if (lock === null) return null;
  const signal =
    run.signal === undefined ? lock.signal : AbortSignal.any([run.signal, lock.signal]);
  try {
    await expectStreams(pool, [{ accountId, stream, staleAfterHours }], nowMs);
    return await work(signal, lock.holder);
  } catch (error) {
    if (error instanceof StreamLockLostError) return null;
    throw error;
  } finally {
    await lock.release().catch(() => undefined); // the row's own end frees the stream
  }
}

/** Goes on when the database was away: for processes that run for long. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isWorthRetrying } from './connection-errors.ts';

const DELAY_MS_MIN = 1_000;
const DELAY_MS_MAX = 30_000;

export interface DatabaseRetryOptions {
  /** Ends the waiting: the last error is thrown then. */
  readonly signal: AbortSignal;
  /** Told of each failure before the wait: one log line each. */
  readonly onFailure: (error: Error, waitMs: number) => void;
  /** How often it is tried at most; without end by default. */
  readonly attemptsMax?: number;
  /** Shorter waits are for tests. */
  readonly delayMsMin?: number;
}

/**
 * Runs `work` until it succeeds, as long as its failures are a lost, refused, unresolvable or
 * timed-out connection, a server that starts or stops, a deadlock or a lock that was not got. Any other error
 * is thrown at once. `work` begins anew each time: what it did must be one transaction, or harmless
 * twice.
 */
export async function withDatabaseRetry<Result>(
  work: () => Promise<Result>,
  options: DatabaseRetryOptions,
): Promise<Result> {
  const { signal, onFailure, attemptsMax = Number.POSITIVE_INFINITY } = options;
  let waitMs = options.delayMsMin ?? DELAY_MS_MIN;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || attempt >= attemptsMax || !isWorthRetrying(error)) throw error;
      onFailure(error as Error, waitMs);
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
      waitMs = Math.min(waitMs * 2, DELAY_MS_MAX);
    }
  }
}

/**
 * Who runs a stream of an account now: a row with an end, renewed while the run goes on. No
 * connection is held for it, a pooler may stand between, and a process that was killed frees its
 * streams when its row's time is up.
 */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type pg from 'pg';

/** A killed process frees its streams within this. */
export const STREAM_LEASE_MS = 60_000;
const RENEWALS_PER_LEASE = 4;

/** The lock was lost: another process may run the stream. */
export class StreamLockLostError extends Error {}

export class StreamLock {
  readonly holder = randomBytes(8).toString('hex');
  readonly #pool: pg.Pool;
  readonly #accountId: string;
  readonly #streamId: string;
  readonly #lost = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #heldUntilMs = 0;
  #isRenewing = false;

  private constructor(pool: pg.Pool, accountId: string, streamId: string) {
    this.#pool = pool;
    this.#accountId = accountId;
    this.#streamId = streamId;
  }

  /** Null when another run holds it. The caller releases it. */
  static async take(
    pool: pg.Pool,
    accountId: string,
    streamId: string,
  ): Promise<StreamLock | null> {
    const lock = new StreamLock(pool, accountId, streamId);
    if (!(await lock.#renew())) return null;
    lock.#timer = setInterval(() => void lock.#keep(), STREAM_LEASE_MS / RENEWALS_PER_LEASE);
    lock.#timer.unref();
    return lock;
  }

  /** Aborted, with a StreamLockLostError, when the lock is lost. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#pool.query({
      name: 'release_stream',
      text: 'delete from landing.stream_lock where account_id = $1 and stream = $2 and holder = $3',
      values: [this.#accountId, this.#streamId, this.holder],
    });
  }

  async #keep(): Promise<void> {
    if (performance.now() > this.#heldUntilMs) this.#lose();
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      if (!(await this.#renew())) this.#lose();
    } catch {
      // The database may be back before the row's time is up; the landing looks for the row, too.
    } finally {
      this.#isRenewing = false;
    }
  }

  #lose(): void {
    clearInterval(this.#timer);
    const place = `account ${this.#accountId}: ${this.#streamId}`;
    this.#lost.abort(new StreamLockLostError(`${place}: another process runs it now`));
  }

  async #renew(): Promise<boolean> {
    const askedMs = performance.now();
    const { rows } = await this.#pool.query<{ is_held: boolean }>({
      name: 'hold_stream',
      text: `select landing.hold_stream($1, $2, $3, make_interval(secs => $4)) as is_held`,
      values: [this.#accountId, this.#streamId, this.holder, STREAM_LEASE_MS / 1000],
    });
    const isHeld = rows[0]?.is_held === true;
    if (isHeld) this.#heldUntilMs = askedMs + STREAM_LEASE_MS;
    return isHeld;
  }
}

/**
 * To be called in the transaction that writes: the row stays until its end. Throws
 * StreamLockLostError when the lock is gone.
 */
export async function assertLockHeld(connection: pg.ClientBase, holder: string): Promise<void> {
  const { rowCount } = await connection.query({
    name: 'assert_stream_held',
    text: 'select from landing.stream_lock where holder = $1 for key share',
    values: [holder],
  });
  if (rowCount === 0) throw new StreamLockLostError('another process runs the stream now');
}

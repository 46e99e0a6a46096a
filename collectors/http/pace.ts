/** Spaces the requests of one client, however many callers it has. Machine time, not the run's. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

export class Pace {
  readonly #spacingMs: number;
  #nextAtMs = 0;

  /** 0 and Infinity mean no limit. */
  constructor(requestsPerSecond: number) {
    this.#spacingMs = requestsPerSecond > 0 ? 1000 / requestsPerSecond : 0;
  }

  /** Resolves when the caller may send its request. Turns are given in the order of asking. */
  async turn(signal: AbortSignal | undefined): Promise<void> {
    const nowMs = performance.now();
    const atMs = Math.max(nowMs, this.#nextAtMs);
    this.#nextAtMs = atMs + this.#spacingMs;
    if (atMs > nowMs) await delay(atMs - nowMs, undefined, { signal });
  }

  /** Gives no turn for `holdMs` from now: the provider asked this client to wait. */
  hold(holdMs: number): void {
    this.#nextAtMs = Math.max(this.#nextAtMs, performance.now() + holdMs);
  }
}

/**
 * One of the daemon's loops: rounds of work, one after the other, until its signal. A round that
 * fails is logged and tried again after a back-off; no failure ends the loop or reaches another one.
 */
import { performance } from 'node:perf_hooks';
import cron from 'node-cron';
import { MeterhouseError } from '../../foundation/errors.ts';
import { isDatabaseFailure } from '../database.ts';
import type { Logger } from '../log.ts';

/** How far the wakes of several daemons at the same instant are spread. */
const SPREAD_MS = 1_000;
const BACKOFF_MS_MIN = 1_000;
const BACKOFF_MS_MAX = 30_000;
/** A wait is cut into pieces of this length, so that a clock that was set is noticed. */
const WAIT_MS_MAX = 60_000;
/** A loop whose round should have begun so long ago does not live any more. */
const LATE_MS = 90_000;

export type LoopKind = 'account' | 'transform' | 'reports' | 'messages';

/** What a round came to: when the next one begins, and what went wrong without ending it. */
export interface RoundResult {
  /** Milliseconds until the next round, unless the loop is woken before. */
  readonly waitMs: number;
  /** What is broken outside, in words (a provider that does not answer); null when all is well. */
  readonly trouble: string | null;
}

/** What a loop is doing, for health and metrics. Times are of the machine, not of the run's clock. */
export interface LoopState {
  readonly name: string;
  readonly kind: LoopKind;
  /** `dead`: a round hangs, or none begins any more; only a new process helps. */
  readonly state: 'ok' | 'failing' | 'dead';
  readonly rounds: number;
  /** Rounds that ended in an error or in trouble, and how many of them since the last good one. */
  readonly failures: number;
  readonly failuresInARow: number;
  readonly error: string | null;
  /** Null until a round went well. */
  readonly lastGoodAt: Date | null;
  readonly roundSeconds: number | null;
}

export interface LoopOptions {
  readonly name: string;
  readonly kind: LoopKind;
  /** Cron expressions at whose instants a round begins at the latest. */
  readonly schedules: readonly string[];
  /** A round that takes longer hangs. */
  readonly roundMsMax: number;
  readonly log: Logger;
  readonly round: (signal: AbortSignal) => Promise<RoundResult>;
}

export class Loop {
  readonly #options: LoopOptions;
  #rounds = 0;
  #failures = 0;
  #failuresInARow = 0;
  #error: string | null = null;
  #lastGoodAt: Date | null = null;
  #begunMs: number | null = null;
  #lastRoundMs: number | null = null;
  #dueMs = performance.now();
  #isWoken = false;
  #wakeUp: (() => void) | null = null;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** Begins the next round now, or right after the one under way. */
  wake(): void {
    this.#isWoken = true;
    this.#wakeUp?.();
  }

  /** Runs until the signal; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const tasks = this.#options.schedules.map((expression) =>
      // Daemons that share the work wake one after the other, so that the first one's sweep is seen.
      cron.schedule(expression, () => this.wake(), { timezone: 'UTC', maxRandomDelay: SPREAD_MS }),
    );
    while (!signal.aborted) {
      this.#isWoken = false;
      const waitMs = (await this.#round(signal)) + Math.random() * SPREAD_MS;
      this.#dueMs = performance.now() + waitMs;
      await this.#wait(waitMs, signal);
    }
    await Promise.all(tasks.map((task) => task.destroy()));
  }

  state(): LoopState {
    const nowMs = performance.now();
    const { name, kind, roundMsMax } = this.#options;
    const isDead =
      this.#begunMs === null ? nowMs > this.#dueMs + LATE_MS : nowMs > this.#begunMs + roundMsMax;
    return {
      name,
      kind,
      state: isDead ? 'dead' : this.#failuresInARow > 0 ? 'failing' : 'ok',
      rounds: this.#rounds,
      failures: this.#failures,
      failuresInARow: this.#failuresInARow,
      error: this.#error,
      lastGoodAt: this.#lastGoodAt,
      roundSeconds: this.#lastRoundMs === null ? null : this.#lastRoundMs / 1000,
    };
  }

  /** Returns how long to wait for the next round. */
  async #round(signal: AbortSignal): Promise<number> {
    const begunMs = performance.now();
    this.#begunMs = begunMs;
    try {
      const { waitMs, trouble } = await this.#options.round(signal);
      this.#note(trouble);
      return Math.min(Math.max(waitMs, 0), WAIT_MS_MAX);
    } catch (error) {
      if (signal.aborted) return 0;
      this.#note(error instanceof Error ? error.message : String(error));
      this.#logFailure(error);
      return Math.min(BACKOFF_MS_MIN * 2 ** (this.#failuresInARow - 1), BACKOFF_MS_MAX);
    } finally {
      this.#rounds += 1;
      this.#begunMs = null;
      this.#lastRoundMs = performance.now() - begunMs;
    }
  }

  #note(trouble: string | null): void {
    this.#error = trouble;
    if (trouble === null) {
      this.#failuresInARow = 0;
      this.#lastGoodAt = new Date();
      return;
    }
    this.#failures += 1;
    this.#failuresInARow += 1;
  }

  #logFailure(error: unknown): void {
    const { log, name } = this.#options;
    if (error instanceof MeterhouseError || isDatabaseFailure(error)) {
      log.error({ loop: name, code: error.code }, error.message);
      return;
    }
    // Not foreseen, so with its stack: a defect to report. The other loops go on, and so does this one.
    log.error({ loop: name, code: 'defect', err: error }, 'a round failed: please report this');
  }

  async #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    if (this.#isWoken || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#wakeUp = null;
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      signal.addEventListener('abort', done, { once: true });
      this.#wakeUp = done;
    });
  }
}

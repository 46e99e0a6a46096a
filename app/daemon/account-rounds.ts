/**
 * The rounds of one account's loop: what is due is collected, stream after stream, each within its
 * own time. A failure makes the loop ask the provider's probe stream: while that fails too, the
 * account's breaker is open, and only the probe is asked, at growing intervals, until it works.
 */
import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { UnavailableError } from '../../foundation/errors.ts';
import type { Collector } from '../collector.ts';
import type { Account, Configuration } from '../config.ts';
import type { Context } from '../context.ts';
import {
  accountStreams,
  intervalMs,
  isScheduledSince,
  lastAttempts,
  nextScheduledMs,
  type StreamOfAccount,
  scheduleOf,
} from '../due-streams.ts';
import type { RoundResult } from './loop.ts';

const RETRY_MS_MIN = 5_000;
/** A stream that keeps failing on a healthy account is asked again after this at the latest. */
const RETRY_MS_MAX = 10 * 60_000;
const LISTING_MS_MIN = 5_000;
/** The probe is one small request: a provider that takes longer does not work. */
const PROBE_MS_MAX = 30_000;
/** It is asked at a round's begin while the breaker is open, and once after a failure. */
const PROBES_MAX = 2;
/** Another process runs the stream at this moment. */
const SKIPPED_MS = 5_000;

/** The stream's share of its schedule, so that a listing that never ends leaves time for others. */
function listingMsMax(configuration: Configuration, { stream }: StreamOfAccount): number {
  const share = intervalMs(scheduleOf(configuration, stream)) / 3;
  return Math.min(Math.max(share, LISTING_MS_MIN), configuration.daemon.listingMsMax);
}

/** The time that the providers' answers can take in one round of an account, in milliseconds. */
export function answersMsMax(configuration: Configuration, account: Account): number {
  const listings = accountStreams(configuration, account).map((each) =>
    listingMsMax(configuration, each),
  );
  return listings.reduce((sum, ms) => sum + ms, 0) + PROBES_MAX * PROBE_MS_MAX;
}

interface Retry {
  readonly failures: number;
  /** By the machine's monotonic clock. */
  readonly atMs: number;
}

export interface AccountRoundsOptions {
  readonly account: Account;
  readonly configuration: Configuration;
  readonly collector: Collector;
  readonly pool: pg.Pool;
  readonly context: Pick<Context, 'clock' | 'log'>;
  /** Called when there is something new to work out at once: after the first round and a recovery. */
  readonly onCaughtUp: () => void;
}

export class AccountRounds {
  readonly #options: AccountRoundsOptions;
  readonly #streams: readonly StreamOfAccount[];
  readonly #retries = new Map<string, Retry>();
  #isFirst = true;
  /** How often the probe has failed in a row; above 0 the breaker is open. */
  #refusals = 0;
  #probeAtMs = 0;
  #trouble = '';

  constructor(options: AccountRoundsOptions) {
    this.#options = options;
    this.#streams = accountStreams(options.configuration, options.account);
  }

  async round(signal: AbortSignal): Promise<RoundResult> {
    if (this.#refusals > 0 && !(await this.#isWorkingAgain(signal))) return this.#waitForProbe();
    const due = await this.#due(this.#streams);
    let failure: string | null = null;
    let isProved = false;
    let collected = 0;
    for (const streamOfAccount of due) {
      signal.throwIfAborted();
      // Another daemon that shares the work may have been here since.
      if ((await this.#due([streamOfAccount])).length === 0) continue;
      const error = await this.#collect(
        streamOfAccount,
        listingMsMax(this.#options.configuration, streamOfAccount),
        signal,
      );
      collected += 1;
      if (error === null) {
        isProved = true;
        continue;
      }
      failure ??= error;
      if (isProved) continue;
      if (!(await this.#probe(signal))) return this.#waitForProbe();
      isProved = true; // the account works; this stream's failure is its own
    }
    if (collected > 0) {
      const { context, account } = this.#options;
      context.log.info({ account: account.id, streams: collected, failure }, 'collected');
    }
    if (this.#isFirst) this.#options.onCaughtUp();
    this.#isFirst = false;
    return { waitMs: this.#waitMs(), trouble: failure ?? this.#failingStream() };
  }

  /** What the schedules name, and what failed and may be asked again; failing streams come last. */
  async #due(streams: readonly StreamOfAccount[]): Promise<StreamOfAccount[]> {
    const { pool, configuration, context } = this.#options;
    const nowMs = context.clock.nowMs();
    const attempts = await lastAttempts(pool, streams);
    const due = streams.filter((streamOfAccount, index) => {
      const attempt = attempts[index] ?? null;
      const retry = this.#retries.get(streamOfAccount.stream.id);
      if (retry !== undefined && performance.now() < retry.atMs) return false;
      if (retry !== undefined && retry.failures > 0) return true;
      if (attempt?.isFailed === true && this.#isFirst) return true;
      return isScheduledSince(configuration, streamOfAccount.stream, attempt?.at ?? null, nowMs);
    });
    const failures = ({ stream }: StreamOfAccount) => this.#retries.get(stream.id)?.failures ?? 0;
    return due.toSorted((a, b) => failures(a) - failures(b));
  }

  /** Runs one stream; returns what went wrong, or null. */
  async #collect(
    streamOfAccount: StreamOfAccount,
    limitMs: number,
    signal: AbortSignal,
  ): Promise<string | null> {
    const { collector, account } = this.#options;
    const { stream } = streamOfAccount;
    const limit = new AbortController();
    const timer = setTimeout(() => {
      const what = `account ${account.id}: ${stream.id} took longer than ${limitMs / 1000} s`;
      limit.abort(new UnavailableError(what));
    }, limitMs);
    try {
      const [result] = await collector.collect([streamOfAccount], {
        signal: AbortSignal.any([signal, limit.signal]),
      });
      if (result === undefined) throw new Error('a stream was collected without a result');
      if (result.skippedStreams.length > 0) {
        this.#retries.set(stream.id, { failures: 0, atMs: performance.now() + SKIPPED_MS });
        return null;
      }
      const failed = result.sweeps.find((sweep) => sweep.outcome === 'failed');
      const error = result.error?.message ?? failed?.error ?? null;
      this.#noteAttempt(streamOfAccount, error !== null);
      return error;
    } finally {
      clearTimeout(timer);
    }
  }

  #noteAttempt({ stream }: StreamOfAccount, isFailed: boolean): void {
    if (!isFailed) {
      this.#retries.delete(stream.id);
      return;
    }
    const failures = (this.#retries.get(stream.id)?.failures ?? 0) + 1;
    const interval = intervalMs(scheduleOf(this.#options.configuration, stream));
    const waitMs = Math.min(RETRY_MS_MIN * 2 ** (failures - 1), interval, RETRY_MS_MAX);
    this.#retries.set(stream.id, { failures, atMs: performance.now() + waitMs });
  }

  async #isWorkingAgain(signal: AbortSignal): Promise<boolean> {
    if (performance.now() < this.#probeAtMs) return false;
    return this.#probe(signal);
  }

  /** Asks the provider's probe stream, and opens or closes the breaker by what it says. */
  async #probe(signal: AbortSignal): Promise<boolean> {
    const { account, context, configuration } = this.#options;
    const probe = this.#streams.find(({ stream }) => stream.id === account.provider.probeStreamId);
    if (probe === undefined) throw new Error(`${account.provider.id} has no probe stream`);
    const error = await this.#collect(
      probe,
      Math.min(listingMsMax(configuration, probe), PROBE_MS_MAX),
      signal,
    );
    if (error !== null) {
      this.#refusals += 1;
      const waitMs = Math.min(
        RETRY_MS_MIN * 2 ** (this.#refusals - 1),
        configuration.daemon.probeMsMax,
      );
      this.#probeAtMs = performance.now() + waitMs;
      this.#trouble = error;
      const fields = { account: account.id, refusals: this.#refusals, wait_ms: waitMs };
      context.log.warn(fields, `the account does not answer: ${error}`);
      return false;
    }
    if (this.#refusals > 0) {
      context.log.info(
        { account: account.id, refusals: this.#refusals },
        'the account works again',
      );
      this.#refusals = 0;
      this.#retries.clear();
      this.#isFirst = true; // what failed meanwhile is asked again now
    }
    return true;
  }

  #waitForProbe(): RoundResult {
    return {
      waitMs: Math.max(this.#probeAtMs - performance.now(), 0) + 1,
      trouble: this.#trouble,
    };
  }

  #failingStream(): string | null {
    for (const [stream, { failures }] of this.#retries) {
      if (failures > 0) return `${stream} failed ${failures} time(s) in a row`;
    }
    return null;
  }

  /** Until the first instant at which a stream falls due. */
  #waitMs(): number {
    const { configuration, context } = this.#options;
    const nowMs = context.clock.nowMs();
    const waits = this.#streams.map(({ stream }) => {
      const retry = this.#retries.get(stream.id);
      if (retry !== undefined) return retry.atMs - performance.now();
      return nextScheduledMs(scheduleOf(configuration, stream), nowMs) - nowMs;
    });
    return Math.max(Math.min(...waits), 0) + 1;
  }
}

/**
 * Runs streams of accounts: one HTTP client per account, accounts side by side, streams in order. What
 * is refused to one stream is its own failure; a key that is refused everywhere, and a provider that
 * asks for a long wait, end the account's round.
 */
import { expectStreams } from '../collectors/expectation.ts';
import type { FileSource } from '../collectors/files/file-source.ts';
import { openSource } from '../collectors/files/open-source.ts';
import { deliversFiles, runDeliveries } from '../collectors/files/run-deliveries.ts';
import { HttpClient } from '../collectors/http/client.ts';
import {
  runStream,
  type SweepLimits,
  type SweepResult,
  sweepLimits,
} from '../collectors/run-stream.ts';
import { monthSlice } from '../collectors/slices.ts';
import type { Stream } from '../collectors/stream.ts';
import { CredentialsError, type MeterhouseError, ProviderError } from '../foundation/errors.ts';
import { monthOf } from '../foundation/months.ts';
import { readRefusals, refuseDouble } from './account-identity.ts';
import type { Clock } from './clock.ts';
import type { Account } from './config.ts';
import { noteCredentialEnd } from './credential-end.ts';
import type { Database } from './database.ts';
import { intervalMs, type StreamOfAccount } from './due-streams.ts';
import type { Logger } from './log.ts';

export interface CollectOptions {
  /** `YYYY-MM`: months asked for, for streams that are cut by month. */
  readonly months?: readonly string[];
  /** Whether a month that the provider refuses is no failure; see `StreamRun`. */
  readonly isBackfill?: boolean;
  readonly signal?: AbortSignal;
  /** Called after each stream, for progress. */
  readonly onStream?: (done: StreamOfAccount, results: readonly SweepResult[] | null) => void;
}

/** What an account's run came to. */
export interface AccountResult {
  readonly accountId: string;
  readonly sweeps: readonly SweepResult[];
  /** Streams that another process was running. */
  readonly skippedStreams: readonly string[];
  /** The refusal, or the wait asked for, that ended the account's run early; null for none. */
  readonly error: MeterhouseError | null;
}

export class Collector {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #clients = new Map<string, HttpClient>();
  readonly #intervalsMs = new Map<string, number>();
  /** Configured and not noted as expected yet. */
  #unnoted: readonly StreamOfAccount[];

  /** `configured`: every stream of the configuration, which is expected from the first run on. */
  constructor(
    database: Database,
    clock: Clock,
    log: Logger,
    configured: readonly StreamOfAccount[] = [],
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
    this.#unnoted = configured;
  }

  /** Runs the given streams now. An account that fails does not stop the others. */
  async collect(
    streams: readonly StreamOfAccount[],
    options: CollectOptions = {},
  ): Promise<AccountResult[]> {
    const refusals = await readRefusals(this.#database.pool);
    await this.#expectConfigured(refusals);
    const byAccount = Map.groupBy(streams, ({ account }) => account);
    const results = await Promise.all(
      [...byAccount].map(([account, ofAccount]) =>
        this.#collectAccount(account, ofAccount, options, refusals.get(account.id) ?? null),
      ),
    );
    const judged: AccountResult[] = [];
    // One after the other, and when all have landed: each is compared with those before it.
    for (const result of results) judged.push(await this.#refusedIfDouble(result));
    return judged;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
    this.#clients.clear();
  }

  /** The account's HTTP client, made on first use and kept: connections stay open between runs. */
  clientOf(account: Account): HttpClient {
    const existing = this.#clients.get(account.id);
    if (existing !== undefined) return existing;
    const client = new HttpClient({
      accountId: account.id,
      baseUrl: account.baseUrl,
      provider: account.provider,
      credentials: account.credentials,
      settings: account.http,
      nowMs: () => this.#clock.nowMs(),
      onExchange: (exchange) => this.#log.debug({ account: account.id, ...exchange }, 'asked'),
    });
    this.#clients.set(account.id, client);
    return client;
  }

  /** Where the files of a stream are; the caller closes it. */
  sourceOf(account: Account, stream: Stream, signal?: AbortSignal): FileSource {
    const { id: accountId, baseUrl, provider, credentials, http: settings } = account;
    return openSource({
      accountId,
      baseUrl,
      provider,
      credentials,
      settings,
      nowMs: () => this.#clock.nowMs(),
      signal,
      streamId: stream.id,
    });
  }

  async #collectAccount(
    account: Account,
    streams: readonly StreamOfAccount[],
    options: CollectOptions,
    refusal: MeterhouseError | null,
  ): Promise<AccountResult> {
    const sweeps: SweepResult[] = [];
    const skippedStreams: string[] = [];
    if (refusal !== null) {
      this.#log.error({ account: account.id, code: refusal.code }, refusal.message);
      return { accountId: account.id, sweeps, skippedStreams, error: refusal };
    }
    await noteCredentialEnd(this.#database.pool, account.id, account.credentialsEndOn);
    for (const streamOfAccount of streams) {
      options.signal?.throwIfAborted();
      const { stream } = streamOfAccount;
      try {
        const results = await this.#run(streamOfAccount, options);
        if (results === null) skippedStreams.push(stream.id);
        else sweeps.push(...results);
        this.#logResults(results);
        options.onStream?.(streamOfAccount, results);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        this.#log.error(
          { account: account.id, stream: stream.id, code: error.code },
          error.message,
        );
        return { accountId: account.id, sweeps, skippedStreams, error };
      }
    }
    return { accountId: account.id, sweeps, skippedStreams, error: null };
  }

  async #refusedIfDouble(result: AccountResult): Promise<AccountResult> {
    if (result.error !== null) return result;
    const { accountId } = result;
    const error = await refuseDouble(this.#database.pool, accountId, this.#clock.nowMs());
    if (error !== null) this.#log.error({ account: accountId, code: error.code }, error.message);
    return { ...result, error };
  }

  async #run(
    streamOfAccount: StreamOfAccount,
    options: CollectOptions,
  ): Promise<SweepResult[] | null> {
    const { account, stream, staleAfterHours } = streamOfAccount;
    const run = {
      accountId: account.id,
      staleAfterHours,
      nowMs: this.#clock.nowMs(),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
    if (deliversFiles(stream)) {
      const source = this.sourceOf(account, stream, options.signal);
      try {
        return await runDeliveries(this.#database.pool, { ...run, stream, source });
      } finally {
        await source.close();
      }
    }
    return runStream(this.#database.pool, {
      ...run,
      stream,
      client: this.clientOf(account),
      limits: this.limits(streamOfAccount),
      isKeyRefused: () => this.#isKeyRefused(account, stream.id, options.signal),
      ...(options.months === undefined ? {} : { months: options.months }),
      isBackfill: options.isBackfill === true,
    });
  }

  /** Streams that nobody asks are missing in coverage only when they are known to be expected. */
  async #expectConfigured(refusals: ReadonlyMap<string, MeterhouseError>): Promise<void> {
    const isRefused = ({ account }: StreamOfAccount): boolean => refusals.has(account.id);
    const asked = this.#unnoted.filter((stream) => !isRefused(stream));
    if (asked.length === 0) return;
    const expected = asked.map(({ account, stream, staleAfterHours }) => ({
      accountId: account.id,
      stream,
      staleAfterHours,
    }));
    await expectStreams(this.#database.pool, expected, this.#clock.nowMs());
    this.#unnoted = this.#unnoted.filter(isRefused);
  }

  /** A listing that takes longer than half its schedule's interval would never be fresh. */
  limits({ account, schedule }: StreamOfAccount): SweepLimits {
    const interval = this.#intervalsMs.get(schedule) ?? intervalMs(schedule);
    this.#intervalsMs.set(schedule, interval);
    const limits = sweepLimits(account.http);
    return { ...limits, sweepMsMax: Math.min(limits.sweepMsMax, interval / 2) };
  }

  /** After a 401 of one stream: does the provider's cheapest one refuse the key, too? */
  async #isKeyRefused(
    account: Account,
    refusedStreamId: string,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const probe = account.provider.streams.find(({ id }) => id === account.provider.probeStreamId);
    if (probe === undefined || probe.id === refusedStreamId) return true;
    const slice =
      probe.slices.kind === 'months' ? monthSlice(monthOf(this.#clock.nowMs())) : { name: '' };
    try {
      await this.clientOf(account).send(probe.request(slice), {
        counters: { requests: 0, retries: 0 },
        streamId: probe.id,
        ...(signal === undefined ? {} : { signal }),
      });
      return false;
    } catch (error) {
      if (error instanceof CredentialsError) return true;
      if (error instanceof ProviderError) return false; // says nothing about the key
      throw error;
    }
  }

  #logResults(results: readonly SweepResult[] | null): void {
    for (const result of results ?? []) {
      const fields = { account: result.accountId, stream: result.streamId, slice: result.slice };
      if (result.outcome === 'failed') this.#log.error(fields, result.error ?? 'failed');
      else this.#log.debug({ ...fields, outcome: result.outcome, ...result.landed }, 'swept');
    }
  }
}

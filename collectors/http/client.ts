/**
 * One account's way to its provider: authentication, pace, time limits, retries. It returns what
 * the provider answered and throws what the caller cannot use; what an answer means is the reader's
 * business.
 */
import { validateHeaderValue } from 'node:http';
import pRetry from 'p-retry';
import { MeterhouseError, type UnavailableError } from '../../foundation/errors.ts';
import {
  type Authenticator,
  type Credentials,
  type Provider,
  UnusableReplyError,
} from '../provider.ts';
import type { StreamRequest } from '../stream.ts';
import { Connections, type Exchange, type HttpAnswer } from './connections.ts';
import { errorCode, retryAfterMs, TransientFault } from './faults.ts';
import { Pace } from './pace.ts';
import { RequestSite } from './request-site.ts';
import type { HttpSettings } from './settings.ts';
import { baseUrlOfTarget, plainUrl, redirectTarget } from './wire.ts';

export type { Exchange, HttpAnswer } from './connections.ts';
export { DEFAULT_HTTP_SETTINGS, type HttpSettings } from './settings.ts';

/** What a sweep costs; the client counts up, tokens and retries included. */
export interface RequestCounters {
  requests: number;
  retries: number;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** True: without authentication. */
  readonly isPublic?: boolean;
  readonly signal?: AbortSignal;
  readonly counters: RequestCounters;
  /** Named in errors. */
  readonly streamId?: string;
}

/** A request and its answer, as they went over the wire, without what proves the identity. */
export interface SeenAnswer {
  readonly request: StreamRequest;
  /** Of the paging. */
  readonly headers: Readonly<Record<string, string>>;
  readonly streamId: string | null;
  readonly answer: HttpAnswer;
}

/** One call of `send`, through all its attempts. */
interface Call {
  readonly request: StreamRequest;
  readonly options: SendOptions;
  /** Of the exchange under way: the request's own, or the token endpoint's. */
  site: RequestSite;
  /** One 401 may be a token that ran out; the second is a refusal. */
  mayForgetIdentity: boolean;
}

/** The address has changed for good; every other redirection is of this one request. */
const LASTING_REDIRECTS: ReadonlySet<number> = new Set([301, 308]);

/** Texts of the last few request headers that prove the identity, tokens among them. */
const HEADER_SECRETS_MAX = 16;

export class HttpClient {
  readonly accountId: string;
  readonly settings: HttpSettings;
  readonly #provider: Provider;
  readonly #credentials: Credentials;
  readonly #authenticator: Authenticator;
  readonly #baseUrl: URL;
  readonly #connections: Connections;
  readonly #pace: Pace;
  readonly #nowMs: () => number;
  readonly #onAnswer: ((seen: SeenAnswer) => Promise<void>) | undefined;
  #headerSecrets: string[] = [];

  /** Throws UsageError when `baseUrl` is not a plain http or https address. */
  constructor(options: {
    accountId: string;
    baseUrl: string;
    provider: Provider;
    credentials: Credentials;
    settings: HttpSettings;
    nowMs: () => number;
    /** Told of each attempt, tokens' requests included. */
    onExchange?: (exchange: Exchange) => void;
    /** Given each whole answer to what was asked, whatever its status; none of a token endpoint's. */
    onAnswer?: (seen: SeenAnswer) => Promise<void>;
  }) {
    const { accountId, provider, credentials, settings } = options;
    const url = plainUrl(options.baseUrl, accountId);
    this.accountId = accountId;
    this.settings = settings;
    this.#provider = provider;
    this.#credentials = credentials;
    this.#authenticator = provider.authenticator(credentials);
    this.#baseUrl = url;
    this.#pace = new Pace(settings.requestsPerSecond);
    this.#nowMs = options.nowMs;
    this.#onAnswer = options.onAnswer;
    this.#connections = new Connections(url, settings, options.onExchange);
  }

  /**
   * Sends one request, which must be safe to repeat. Returns an answer below 500 that is no
   * redirection, no 429 and no refused key. Throws CredentialsError on a lasting 401,
   * UnavailableError when no attempt brought a usable answer, WaitAskedError when the provider asks
   * for a longer wait than the limit, ContractError for an answer beyond the limits, and the signal's
   * own reason when it is aborted.
   */
  async send(request: StreamRequest, options: SendOptions): Promise<HttpAnswer> {
    const { signal, counters } = options;
    const call: Call = {
      request,
      options,
      site: this.site(request, options.streamId ?? null),
      mayForgetIdentity: true,
    };
    let attempts = 0;
    try {
      return await pRetry(
        (attempt) => {
          attempts = attempt;
          return this.#attempt(call);
        },
        {
          retries: this.settings.attemptsMax - 1,
          minTimeout: this.settings.retryDelayMsMin,
          maxTimeout: this.settings.retryDelayMsMax,
          randomize: true,
          ...(signal === undefined ? {} : { signal }),
          shouldRetry: ({ error }) => {
            if (!(error instanceof TransientFault)) return false;
            counters.retries += 1;
            return true;
          },
        },
      );
    } catch (error) {
      if (!(error instanceof TransientFault)) throw error;
      const { message, status, cause } = error;
      throw call.site.unavailable(message, { status, attempts, cause });
    }
  }

  /** For errors about an answer of this account. */
  site(request: StreamRequest, streamId: string | null): RequestSite {
    const voice = {
      accountId: this.accountId,
      provider: this.#provider,
      credentialNames: Object.keys(this.#credentials),
      secrets: () => [...Object.values(this.#credentials), ...this.#headerSecrets],
    };
    return new RequestSite(voice, request, streamId);
  }

  /** Waits for requests under way, then closes the connections. */
  async close(): Promise<void> {
    await this.#connections.close();
  }

  async #attempt(call: Call): Promise<HttpAnswer> {
    const answer = await this.#exchange(call, call.request, await this.#requestHeaders(call));
    if (answer.status !== 401 || call.options.isPublic === true) return answer;
    if (!call.mayForgetIdentity) throw call.site.refused(answer);
    call.mayForgetIdentity = false;
    call.options.counters.retries += 1;
    this.#authenticator.forget();
    return this.#attempt(call);
  }

  async #requestHeaders(call: Call): Promise<Record<string, string>> {
    const { request, options } = call;
    return {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': 'meterhouse',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
      ...(options.isPublic === true ? {} : await this.#identity(call)),
    };
  }

  async #identity(call: Call): Promise<Readonly<Record<string, string>>> {
    try {
      const headers = await this.#authenticator.headers({
        nowMs: this.#nowMs(),
        path: call.request.path,
        fetchText: (path, tokenHeaders) => {
          this.#rememberSecrets(tokenHeaders);
          return this.#exchange(call, { path }, tokenHeaders);
        },
      });
      this.#rememberSecrets(headers);
      for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value);
      return headers;
    } catch (error) {
      call.options.signal?.throwIfAborted();
      if (error instanceof TransientFault || error instanceof MeterhouseError) throw error;
      if (error instanceof UnusableReplyError) {
        throw new TransientFault(`the sign-in got ${error.message}`);
      }
      // Not quoted and not kept as the cause: it may hold a piece of a token's answer.
      const reason = errorCode(error) ?? (error instanceof Error ? error.name : 'unknown');
      throw call.site.unsigned(reason);
    }
  }

  #rememberSecrets(headers: Readonly<Record<string, string>>): void {
    const known = new Set(this.#headerSecrets);
    for (const value of Object.values(headers)) {
      known.add(value).add(value.slice(value.lastIndexOf(' ') + 1));
    }
    this.#headerSecrets = [...known].slice(-HEADER_SECRETS_MAX);
  }

  async #exchange(
    call: Call,
    request: StreamRequest,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer> {
    const { signal, counters, streamId = null } = call.options;
    call.site = this.site(request, streamId);
    await this.#pace.turn(signal);
    counters.requests += 1;
    const answer = await this.#connections.send(call.site, request, {
      headers,
      streamId,
      signal,
    });
    if (request === call.request) {
      const { headers: paging = {} } = call.options;
      await this.#onAnswer?.({ request, headers: paging, streamId, answer });
    }
    const { status } = answer;
    if (status === 429 || status >= 500) {
      const askedMs = retryAfterMs(answer.headers, this.#nowMs());
      if (askedMs > this.settings.retryAfterMsMax) throw call.site.waitAsked(answer, askedMs);
      // Runs beside the backoff, so that the larger of the two is waited for; and by all callers.
      this.#pace.hold(askedMs);
      throw new TransientFault(call.site.answered(answer), { status });
    }
    if (status >= 300 && status < 400) {
      throw this.#redirected(call.site, request, answer);
    }
    return answer;
  }

  /** Nobody follows a redirection: it may lead the key elsewhere. A lasting one names what mends it. */
  #redirected(site: RequestSite, { path }: StreamRequest, answer: HttpAnswer): UnavailableError {
    const { status } = answer;
    const target = redirectTarget(answer.headers.location, this.#baseUrl.origin);
    const moved = LASTING_REDIRECTS.has(status)
      ? baseUrlOfTarget(target, path, this.#baseUrl)
      : null;
    if (moved !== null) return site.relocated(moved, status);
    const what = `the provider redirects to ${site.clean(target)} (HTTP ${status})`;
    return site.unavailable(what, { status, attempts: 1 });
  }
}

/** One account's way to the server of its files: authentication, pace, time limits, retries. */
import type { Readable } from 'node:stream';
import pRetry from 'p-retry';
import { Pool } from 'undici';
import { type ContractError, MeterhouseError } from '../../foundation/errors.ts';
import { errorCode, networkFault, retryAfterMs, TransientFault } from '../http/faults.ts';
import { Pace } from '../http/pace.ts';
import { RequestSite } from '../http/request-site.ts';
import type { HttpSettings } from '../http/settings.ts';
import { plainUrl, redirectTarget, singleHeaders } from '../http/wire.ts';
import type { Credentials, Provider } from '../provider.ts';
import { FileFault } from './csv-splitter.ts';

/** A success as it begins to come. */
export interface FileExchange {
  readonly mark: string | null;
  readonly modifiedMs: number | null;
  readonly contentType: string;
  readonly body: Readable;
  /** The whole answer, up to the account's limit. */
  readonly text: () => Promise<string>;
}

export interface FileServerOptions {
  readonly accountId: string;
  readonly baseUrl: string;
  readonly provider: Provider;
  readonly credentials: Credentials;
  readonly settings: HttpSettings;
  readonly nowMs: () => number;
  readonly signal: AbortSignal | undefined;
  readonly streamId: string;
  /** Addresses that prove themselves are sent without the account's headers. */
  readonly isSigned: boolean;
}

export class FileServer {
  /** base_url with one slash at its end: every target begins there. */
  readonly base: string;
  requests = 0;
  readonly #options: FileServerOptions;
  readonly #pool: Pool;
  readonly #pace: Pace;

  constructor(options: FileServerOptions) {
    const { settings } = options;
    const url = plainUrl(options.baseUrl, options.accountId);
    this.base = `${url.origin}${url.pathname.replace(/\/+$/, '')}/`;
    this.#options = options;
    this.#pace = new Pace(settings.requestsPerSecond);
    this.#pool = new Pool(url.origin, {
      connections: settings.connections,
      pipelining: 1,
      allowH2: false,
      connect: { timeout: settings.connectTimeoutMs },
      headersTimeout: settings.headersTimeoutMs,
      bodyTimeout: settings.bodyTimeoutMs,
    });
  }

  /**
   * Sends one request and hands over its answer; what `take` leaves of the body is thrown away. `target` is
   * relative to base_url. Throws as `HttpClient.send` does, and what `take` throws.
   */
  async send<Result>(
    method: 'GET' | 'HEAD',
    target: string,
    take: (exchange: FileExchange) => Promise<Result>,
  ): Promise<Result> {
    const site = this.#site(target);
    const { settings, signal } = this.#options;
    let attempts = 0;
    try {
      return await pRetry(
        (attempt) => {
          attempts = attempt;
          return this.#attempt(method, target, take, site);
        },
        {
          retries: settings.attemptsMax - 1,
          minTimeout: settings.retryDelayMsMin,
          maxTimeout: settings.retryDelayMsMax,
          randomize: true,
          ...(signal === undefined ? {} : { signal }),
          shouldRetry: ({ error }) => error instanceof TransientFault,
        },
      );
    } catch (error) {
      if (!(error instanceof TransientFault)) throw error;
      const { message, status, cause } = error;
      throw site.unavailable(message, { status, attempts, cause });
    }
  }

  contract(what: string, target: string): ContractError {
    return this.#site(target).contract(what);
  }

  async close(): Promise<void> {
    if (!this.#pool.closed) await this.#pool.close();
  }

  async #attempt<Result>(
    method: 'GET' | 'HEAD',
    target: string,
    take: (exchange: FileExchange) => Promise<Result>,
    site: RequestSite,
  ): Promise<Result> {
    const { signal, settings } = this.#options;
    await this.#pace.turn(signal);
    this.requests += 1;
    try {
      const {
        statusCode: status,
        headers: raw,
        body,
      } = await this.#pool.request({
        method,
        path: new URL(target, this.base).href.slice(new URL(this.base).origin.length),
        headers: { 'user-agent': 'meterhouse', ...(await this.#identity(target)) },
        signal: signal ?? null,
      });
      body.on('error', () => undefined); // thrown where it is read
      const headers = singleHeaders(raw);
      if (status < 200 || status >= 300) {
        body.destroy();
        throw this.#refusal(status, headers, site);
      }
      const modified = Date.parse(headers['last-modified'] ?? '');
      try {
        return await take({
          mark: headers.etag ?? headers['last-modified'] ?? null,
          modifiedMs: Number.isNaN(modified) ? null : modified,
          contentType: headers['content-type'] ?? '',
          body,
          text: () => textOf(body, settings.bodyBytesMax, site),
        });
      } finally {
        body.destroy();
      }
    } catch (error) {
      if (error instanceof TransientFault || error instanceof MeterhouseError) throw error;
      if (error instanceof FileFault || errorCode(error) === null) throw error;
      throw networkFault(error, new URL(this.base).origin) ?? error;
    }
  }

  /** What a status that is no success means. */
  #refusal(status: number, headers: Readonly<Record<string, string>>, site: RequestSite): Error {
    const answer = { status, text: '' };
    if (status === 429 || status >= 500) {
      const askedMs = retryAfterMs(headers, this.#options.nowMs());
      if (askedMs > this.#options.settings.retryAfterMsMax) return site.waitAsked(answer, askedMs);
      this.#pace.hold(askedMs);
      return new TransientFault(site.answered(answer), { status });
    }
    if (status === 401) return site.refused(answer);
    if (status === 403) return site.forbidden(answer);
    if (status < 400) {
      const target = redirectTarget(headers.location, new URL(this.base).origin);
      const what = `the server redirects to ${site.clean(target)} (HTTP ${status})`;
      return site.unavailable(what, { status, attempts: 1 });
    }
    return site.contract(site.answered(answer), status);
  }

  async #identity(target: string): Promise<Readonly<Record<string, string>>> {
    const { provider, credentials, isSigned, nowMs } = this.#options;
    if (isSigned) return {};
    return provider.authenticator(credentials).headers({
      nowMs: nowMs(),
      path: target,
      fetchText: () => Promise.reject(new Error('files need no token endpoint')),
    });
  }

  #site(target: string): RequestSite {
    const { accountId, provider, credentials, streamId } = this.#options;
    const voice = {
      accountId,
      provider,
      credentialNames: Object.keys(credentials),
      secrets: () => Object.values(credentials),
    };
    return new RequestSite(voice, { path: `/${target}` }, streamId);
  }
}

async function textOf(body: Readable, bytesMax: number, site: RequestSite): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > bytesMax) throw site.contract(`the answer is larger than ${bytesMax} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The open connections to one provider: one request and its whole answer at a time on each. */
import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';
import type { StreamRequest } from '../stream.ts';
import { bodyText, UnreadableBody } from './body.ts';
import { errorCode, networkFault, OVERSIZE_CODES } from './faults.ts';
import type { RequestSite } from './request-site.ts';
import type { HttpSettings } from './settings.ts';
import { pathWithQuery, singleHeaders } from './wire.ts';

/** As the provider sent it, whatever its status. Header names are lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One request and what came back: nothing of query, headers or body, which may hold secrets. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly streamId: string | null;
  /** Null when no whole answer came. */
  readonly status: number | null;
  /** Length of the decompressed text. */
  readonly characters: number;
  readonly durationMs: number;
}

export interface ExchangeOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Named in what is told of the exchange. */
  readonly streamId: string | null;
  readonly signal: AbortSignal | undefined;
}

export class Connections {
  readonly #origin: string;
  readonly #pathPrefix: string;
  readonly #settings: HttpSettings;
  readonly #pool: Pool;
  readonly #onExchange: (exchange: Exchange) => void;

  constructor(
    url: URL,
    settings: HttpSettings,
    onExchange: (exchange: Exchange) => void = () => undefined,
  ) {
    this.#origin = url.origin;
    this.#pathPrefix = url.pathname.replace(/\/+$/, '');
    this.#settings = settings;
    this.#onExchange = onExchange;
    this.#pool = new Pool(url.origin, {
      connections: settings.connections,
      // One request at a time on a connection, which is kept; HTTP/2 would send many at once.
      pipelining: 1,
      allowH2: false,
      connect: { timeout: settings.connectTimeoutMs },
      headersTimeout: settings.headersTimeoutMs,
      bodyTimeout: settings.bodyTimeoutMs,
      maxResponseSize: settings.bodyBytesMax,
    });
  }

  /** Throws TransientFault for a fault of the network, and ContractError for an answer beyond the limits. */
  async send(
    site: RequestSite,
    request: StreamRequest,
    options: ExchangeOptions,
  ): Promise<HttpAnswer> {
    const startedMs = performance.now();
    let answer: HttpAnswer | null = null;
    try {
      answer = await this.#roundTrip(request, options);
      return answer;
    } catch (error) {
      throw this.#explained(error, site);
    } finally {
      this.#onExchange({
        method: request.method ?? 'GET',
        path: this.#pathPrefix + (request.path.split('?', 1)[0] ?? ''),
        streamId: options.streamId,
        status: answer?.status ?? null,
        characters: answer?.text.length ?? 0,
        durationMs: Math.round(performance.now() - startedMs),
      });
    }
  }

  /** Waits for requests under way. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #roundTrip(request: StreamRequest, options: ExchangeOptions): Promise<HttpAnswer> {
    const response = await this.#pool.request({
      method: request.method ?? 'GET',
      path: this.#pathPrefix + pathWithQuery(request),
      headers: options.headers,
      body: request.body ?? null,
      signal: options.signal ?? null,
    });
    const { statusCode: status } = response;
    const headers = singleHeaders(response.headers);
    const isSuccess = status >= 200 && status < 300;
    const bytes = await response.body.bytes();
    const encoding = headers['content-encoding'];
    const text = await bodyText(bytes, encoding, this.#settings.bodyBytesMax, isSuccess);
    return { status, text, headers };
  }

  #explained(error: unknown, site: RequestSite): unknown {
    const code = errorCode(error);
    if (error instanceof UnreadableBody) return site.contract(`the provider sent ${error.message}`);
    if (code !== null && OVERSIZE_CODES.has(code)) {
      return site.contract(`the answer is larger than ${this.#settings.bodyBytesMax} bytes`);
    }
    if (code === 'UND_ERR_INVALID_ARG') {
      return site.contract('the request holds characters that HTTP does not allow');
    }
    return networkFault(error, this.#origin) ?? error;
  }
}

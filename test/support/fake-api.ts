/** A provider's API as a test wants it: a real server on a free port of 127.0.0.1. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** 1-based number of the connection on which it came. */
  readonly connection: number;
  readonly atMs: number;
}

export interface FakeAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes go out as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly delayMs?: number;
  /** Closes the connection without an answer. */
  readonly destroy?: boolean;
  /** Sends the headers and so many bytes of the body, then closes the connection. */
  readonly cutAfterBytes?: number;
  /** Without content-length. */
  readonly isChunked?: boolean;
}

export type FakeRoute = (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>;

export class FakeApi {
  /** All requests, in the order of arrival; those without a route, too (they get a 404). */
  readonly requests: FakeRequest[] = [];
  readonly #server: Server;
  readonly #routes = new Map<string, FakeRoute>();
  readonly #connections = new Map<Socket, number>();

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch(() => incoming.destroy());
    });
    this.#server.on('connection', (socket) => {
      this.#connections.set(socket, this.#connections.size + 1);
    });
  }

  static async start(): Promise<FakeApi> {
    const api = new FakeApi();
    await new Promise<void>((resolve) => {
      api.#server.listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sets (or replaces) the answer to every method at an exact path. */
  route(path: string, answer: FakeRoute): void {
    this.#routes.set(path, answer);
  }

  /** Answers with each of the answers in turn, and with the last one for ever after. */
  script(path: string, answers: readonly [FakeAnswer, ...FakeAnswer[]]): void {
    let asked = 0;
    this.route(path, () => answers[Math.min(asked++, answers.length - 1)] ?? answers[0]);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.baseUrl);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const request: FakeRequest = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString('utf8'),
      connection: this.#connections.get(incoming.socket) ?? 0,
      atMs: performance.now(),
    };
    this.requests.push(request);
    const route = this.#routes.get(url.pathname);
    await respond(outgoing, (await route?.(request)) ?? { status: 404, body: {} });
  }
}

async function respond(outgoing: ServerResponse, answer: FakeAnswer): Promise<void> {
  const { body = {}, status = 200, cutAfterBytes } = answer;
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = Buffer.from(isRaw ? body : JSON.stringify(body));
  if (answer.delayMs !== undefined) await delay(answer.delayMs);
  if (answer.destroy === true) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    ...(answer.isChunked === true ? {} : { 'content-length': bytes.length }),
    ...answer.headers,
  });
  if (cutAfterBytes === undefined) outgoing.end(bytes);
  else outgoing.write(bytes.subarray(0, cutAfterBytes), () => outgoing.destroy());
}

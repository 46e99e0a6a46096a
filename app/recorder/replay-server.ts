/** Serves a recording as the provider that it was made of, over HTTP on loopback. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { UsageError } from '../../foundation/errors.ts';
import type { Exchange, Recording } from './recording.ts';

/** Of the paging; the other headers of a request change no answer. */
const PAGING_HEADERS = ['ranged-data'];
const WORDS = 'this request is not in the recording';
/** In every form in which a provider words an error; a 404 could be a state that it documents. */
const UNKNOWN = { status: 410, error: WORDS, message: WORDS, detail: WORDS, errorMessage: WORDS };

export interface ReplayServer {
  readonly url: string;
  /** Requests that the recording does not have, method and path, each once. */
  readonly unknown: ReadonlySet<string>;
  close(): Promise<void>;
}

/** `port` 0 takes a free one. Throws UsageError when the port cannot be had. */
export async function startReplay(
  folder: string,
  { exchanges }: Recording,
  port: number,
): Promise<ReplayServer> {
  const byRequest = Map.groupBy(exchanges, (exchange) =>
    nameOf(exchange.method, exchange.path, Object.entries(exchange.query), exchange.headers),
  );
  const asked = new Map<string, number>();
  const unknown = new Set<string>();
  /** Each answer in turn, the last one for ever after. */
  const answerTo = (incoming: IncomingMessage): Exchange | null => {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const method = incoming.method ?? 'GET';
    const name = nameOf(method, url.pathname, [...url.searchParams], incoming.headers);
    const answers = byRequest.get(name) ?? [];
    const before = asked.get(name) ?? 0;
    asked.set(name, before + 1);
    if (answers.length === 0) unknown.add(`${method} ${url.pathname}`);
    return answers[Math.min(before, answers.length - 1)] ?? null;
  };
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    respond(outgoing, folder, answerTo(incoming)).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new UsageError(`cannot listen on port ${port}: give another --port`, { cause }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    unknown,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  outgoing: ServerResponse,
  folder: string,
  answer: Exchange | null,
): Promise<void> {
  if (answer === null) {
    outgoing
      .writeHead(UNKNOWN.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(UNKNOWN));
    return;
  }
  const { status, answer_headers: headers, file } = answer;
  const body =
    file === null
      ? `an answer of ${answer.characters} characters that was no JSON`
      : await readFile(path.join(folder, path.normalize(`/${file}`)));
  outgoing.writeHead(status, headers).end(body);
}

/** Two requests with the same name get the same answers. */
function nameOf(
  method: string,
  pathname: string,
  query: readonly (readonly [string, string])[],
  headers: Readonly<Record<string, unknown>>,
): string {
  const sorted = query.map(([name, value]) => `${name}=${value}`).sort();
  const paging = PAGING_HEADERS.map((name) => String(headers[name] ?? ''));
  return JSON.stringify([method, decodeURI(pathname), sorted, paging]);
}

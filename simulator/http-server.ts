/** Serves one simulated provider over a real socket on loopback, with or without faults in front. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver } from './faults/deliver.ts';
import type { TransportFaults } from './faults/transport-faults.ts';
import type { SimulatedProvider, SimulatedRequest, SimulatedResponse } from './provider.ts';

/** Request bodies beyond this are refused: no documented call needs more. */
const REQUEST_BODY_BYTES_MAX = 1024 * 1024;

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** What a client gets of a request that did not reach the provider, unless a fault says otherwise. */
const UNREACHED: SimulatedResponse = { status: 503, body: '' };

/** Listens on `port` (0 picks a free one) of 127.0.0.1. */
export async function serveProvider(
  provider: SimulatedProvider,
  port: number,
  faults: TransportFaults | null = null,
): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => {
    readRequest(incoming).then(
      (request) => {
        if (faults === null) deliver(outgoing, provider.handle(request), 'whole', 0);
        else answerBadly(provider, request, faults, outgoing);
      },
      () => {
        outgoing.writeHead(413).end();
      },
    );
  });
  await listen(server, port);
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${boundPort}`,
    close: () => closeServer(server),
  };
}

function answerBadly(
  provider: SimulatedProvider,
  request: SimulatedRequest,
  faults: TransportFaults,
  outgoing: ServerResponse,
): void {
  const passage = faults.passage(request);
  const response = passage.request === null ? UNREACHED : provider.handle(passage.request);
  deliver(outgoing, passage.answer(response), passage.delivery, faults.lateMs);
}

async function readRequest(incoming: IncomingMessage): Promise<SimulatedRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > REQUEST_BODY_BYTES_MAX) throw new RangeError('request body too large');
    chunks.push(chunk);
  }
  const url = new URL(incoming.url ?? '/', 'http://simulator.invalid');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

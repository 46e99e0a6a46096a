/** Serves one simulated provider over a real socket on loopback. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatedProvider, SimulatedRequest } from './provider.ts';

/** Request bodies beyond this are refused: no documented call needs more. */
const REQUEST_BODY_BYTES_MAX = 1024 * 1024;

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on `port` (0 picks a free one) of 127.0.0.1. */
export async function serveProvider(
  provider: SimulatedProvider,
  port: number,
): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => {
    readRequest(incoming).then(
      (request) => {
        const response = provider.handle(request);
        outgoing.writeHead(response.status, {
          'content-type': response.contentType ?? 'application/json',
          'content-length': Buffer.byteLength(response.body),
          ...response.headers,
        });
        outgoing.end(response.body);
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

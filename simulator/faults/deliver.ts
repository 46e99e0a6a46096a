/** Puts an answer on the wire: whole, or as badly as a fault wants it. */
import type { ServerResponse } from 'node:http';
import type { SimulatedResponse } from '../provider.ts';
import type { Delivery } from './fault-kinds.ts';

/** `lateMs`: after how long a late answer is sent; beyond the client's patience. */
export function deliver(
  outgoing: ServerResponse,
  response: SimulatedResponse,
  delivery: Delivery,
  lateMs: number,
): void {
  switch (delivery) {
    case 'whole':
      send(outgoing, response);
      return;
    case 'closed':
      outgoing.destroy();
      return;
    case 'silent':
      return; // the client closes the connection when it has waited long enough
    case 'late': {
      const timer = setTimeout(() => send(outgoing, response), lateMs);
      outgoing.once('close', () => clearTimeout(timer));
      return;
    }
    case 'stalled':
      sendHalf(outgoing, response, () => undefined);
      return;
    case 'closed-in-body':
      sendHalf(outgoing, response, () => outgoing.destroy());
  }
}

function send(outgoing: ServerResponse, response: SimulatedResponse): void {
  writeHead(outgoing, response);
  outgoing.end(response.body);
}

function sendHalf(outgoing: ServerResponse, response: SimulatedResponse, onSent: () => void): void {
  writeHead(outgoing, response);
  const bytes = Buffer.from(response.body);
  outgoing.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), onSent);
}

function writeHead(outgoing: ServerResponse, response: SimulatedResponse): void {
  outgoing.writeHead(response.status, {
    'content-type': response.contentType ?? 'application/json',
    'content-length': Buffer.byteLength(response.body),
    ...response.headers,
  });
}

/** A TCP proxy before a server that can go silent or away: what firewalls and machines do. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface MoodyProxy {
  /** The URL of the server, through the proxy. */
  readonly url: string;
  /** From now on takes bytes and passes none on, of connections that are there and of new ones. */
  silence(): void;
  /** Passes bytes of new connections again; those that went silent stay so. */
  speak(): void;
  /** Resets all connections, and refuses new ones. */
  leave(): Promise<void>;
  /** Listens again, where it did. */
  comeBack(): Promise<void>;
}

export async function moodyProxy(serverUrl: string): Promise<MoodyProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const serve = (client: Socket): void => {
    sockets.add(client);
    client.on('error', () => undefined);
    if (isSilent) {
      client.resume();
      return;
    }
    const upstream = createConnection({ host: target.hostname, port: Number(target.port) });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
    client.pipe(upstream);
    upstream.pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  };
  let server: Server = createServer(serve);
  const listen = async (port: number): Promise<void> => {
    server = createServer(serve);
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
  };
  const leave = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
    await closed;
  };
  await listen(0);
  onTestFinished(leave);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = new URL(serverUrl);
  url.port = String(port);
  return {
    url: url.href,
    silence: () => {
      isSilent = true;
      for (const socket of sockets) {
        socket.unpipe();
        socket.resume();
      }
    },
    speak: () => {
      isSilent = false;
    },
    leave,
    comeBack: () => listen(port),
  };
}

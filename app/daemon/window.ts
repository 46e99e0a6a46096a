/** How the daemon is seen from outside: `/healthz` for whoever restarts it, `/metrics` for Prometheus. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '../context.ts';
import type { Daemon } from './daemon.ts';
import { judgeDaemon } from './judge-daemon.ts';
import { Metrics } from './metrics.ts';
import type { DaemonSettings } from './settings.ts';

export class Window {
  readonly #server: Server | null;

  private constructor(server: Server | null) {
    this.#server = server;
  }

  /** Listens; a port that another process has is logged, and the daemon works unseen. */
  static async open(
    daemon: Daemon,
    context: Pick<Context, 'clock' | 'log'>,
    { host, port }: DaemonSettings,
  ): Promise<Window> {
    const { clock, log } = context;
    const metrics = new Metrics();
    const server = createServer((request, response) => {
      const answer = async (): Promise<void> => {
        const path = (request.url ?? '/').split('?')[0];
        if (path === '/healthz') {
          const judgement = await judgeDaemon(daemon, clock);
          response.writeHead(judgement.status === 'failed' ? 503 : 200, {
            'content-type': 'application/json',
          });
          response.end(`${JSON.stringify(judgement)}\n`);
        } else if (path === '/metrics') {
          const text = await metrics.read(daemon, clock);
          response.writeHead(200, { 'content-type': metrics.contentType });
          response.end(text);
        } else {
          response.writeHead(404).end();
        }
      };
      answer().catch((error: unknown) => {
        log.error({ err: error }, 'cannot report how the daemon is');
        response.writeHead(500).end();
      });
    });
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ reason }, 'no /healthz and no /metrics: set daemon.port to a free one');
      return new Window(null);
    }
    const bound = server.address() as AddressInfo;
    log.info({ host, port: bound.port }, 'serving /healthz and /metrics');
    return new Window(server);
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}

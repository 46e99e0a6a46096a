/** A way to a TCP server that can fall silent, refuse and reset. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export type Line = 'passes' | 'is silent' | 'refuses';

export class TcpProxy {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #line: Line = 'passes';
  #port = 0;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((socket) => this.#forward(socket));
  }

  /** `target`: a URL with host and port; `url` is the same through the proxy. */
  static async start(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(target));
    await proxy.#listen();
    return proxy;
  }

  get url(): string {
    const url = new URL(this.#target);
    url.host = `127.0.0.1:${this.#port}`;
    return url.href;
  }

  /** From now on. Silence keeps connections open and drops what is sent over them. */
  async set(line: Line): Promise<void> {
    const former = this.#line;
    this.#line = line;
    if (line === 'refuses') {
      this.reset();
      await this.#end();
    } else if (former === 'refuses') {
      this.#server = createServer((socket) => this.#forward(socket));
      await this.#listen();
    }
  }

  /** Resets every connection that there is. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#sockets.clear();
  }

  async close(): Promise<void> {
    this.reset();
    if (this.#line !== 'refuses') await this.#end();
  }

  #forward(incoming: Socket): void {
    const outgoing = connect(Number(this.#target.port), this.#target.hostname);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => {
        if (this.#line !== 'is silent') to.write(bytes);
      });
      from.on('error', () => to.destroy()); // a reset is what the test wants
      from.on('close', () => {
        this.#sockets.delete(from);
        if (this.#line !== 'is silent') to.destroy();
      });
    }
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

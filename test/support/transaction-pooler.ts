/**
 * A pooler in transaction mode, as PgBouncer is one, in its worst case: each transaction of a client
 * gets the other of two server connections. It refuses the startup parameters that PgBouncer refuses,
 * names no process of the server, and forgets nothing that a transaction left in a session.
 */
import { createServer, type Socket } from 'node:net';
import pg from 'pg';
import { onTestFinished } from 'vitest';

const STARTUP_PARAMETERS = ['user', 'database', 'application_name', 'client_encoding'];
const SSL_REQUEST = 80_877_103;
const READY_FOR_QUERY = 'Z';
const TERMINATE = 'X';
const IDLE = 'I';

/** Listens before the server of `url`; returns the URL that leads through it. */
export async function transactionPooler(url: string): Promise<string> {
  const server = createServer((client) => {
    serve(client, url).catch((error) => client.destroy(error));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const through = new URL(url);
  const address = server.address();
  through.port = String(typeof address === 'object' ? address?.port : '');
  return through.href;
}

async function serve(client: Socket, url: string): Promise<void> {
  client.on('error', () => undefined); // it went away
  const messages = new Messages(client, true);
  let startup = await messages.next();
  if (startup?.body.readInt32BE(0) === SSL_REQUEST) {
    client.write('N');
    startup = await messages.next();
  }
  const refused = parametersOf(startup?.body).find((name) => !STARTUP_PARAMETERS.includes(name));
  if (refused !== undefined) {
    client.end(errorResponse(`unsupported startup parameter: ${refused}`));
    return;
  }
  const backends = [await openBackend(url), await openBackend(url)] as const;
  messages.isStarted = true;
  client.write(greeting());
  for (let turn = 0; ; ) {
    const backend = backends[turn % backends.length] ?? backends[0];
    const message = await messages.next();
    if (message === null || message.type === TERMINATE) break;
    backend.socket.write(message.whole);
    if (message.type !== 'Q' && message.type !== 'S') continue; // more of this request is to come
    for (;;) {
      const answer = await backend.messages.next();
      if (answer === null) break;
      client.write(answer.whole);
      if (answer.type !== READY_FOR_QUERY) continue;
      if (answer.body.toString('latin1') === IDLE) turn += 1;
      break;
    }
  }
  for (const { socket } of backends) socket.destroy();
  client.end();
}

interface Backend {
  readonly socket: Socket;
  readonly messages: Messages;
}

/** Logs in with the driver, and then speaks on its socket. */
async function openBackend(url: string): Promise<Backend> {
  const driver = new pg.Client({ connectionString: url });
  driver.on('error', () => undefined); // the socket is not the driver's any more
  await driver.connect();
  const socket = Reflect.get(Reflect.get(driver, 'connection'), 'stream') as Socket;
  socket.removeAllListeners('data');
  return { socket, messages: new Messages(socket, false) };
}

interface Message {
  readonly type: string;
  readonly body: Buffer;
  readonly whole: Buffer;
}

/** Cuts a stream into the protocol's messages; a client's first ones have no type. */
class Messages {
  isStarted: boolean;
  #buffer = Buffer.alloc(0);
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket, isClient: boolean) {
    this.isStarted = !isClient;
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#wake();
    });
    socket.on('close', () => {
      this.#isOver = true;
      this.#wake();
    });
  }

  async next(): Promise<Message | null> {
    for (;;) {
      const typeLength = this.isStarted ? 1 : 0;
      const headLength = typeLength + 4;
      if (this.#buffer.length >= headLength) {
        const length = typeLength + this.#buffer.readInt32BE(typeLength);
        if (this.#buffer.length >= length) {
          const whole = this.#buffer.subarray(0, length);
          this.#buffer = this.#buffer.subarray(length);
          return {
            type: whole.toString('latin1', 0, typeLength),
            body: whole.subarray(headLength),
            whole,
          };
        }
      }
      if (this.#isOver) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function parametersOf(startup: Buffer | undefined): string[] {
  const texts = (startup ?? Buffer.alloc(4)).toString('utf8', 4).split('\0');
  return texts.filter((text, index) => index % 2 === 0 && text !== '');
}

function greeting(): Buffer {
  const key = Buffer.from([0x12, 0x34, 0x56, 0x78, 0, 0, 0, 1]);
  return Buffer.concat([
    message('R', Buffer.from([0, 0, 0, 0])),
    message('K', key),
    message(READY_FOR_QUERY, Buffer.from(IDLE)),
  ]);
}

function errorResponse(text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0C08P01\0M${text}\0\0`));
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

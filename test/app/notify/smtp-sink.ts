/**
 * An SMTP server that keeps what it is sent: just enough of RFC 5321 for one client. It has no
 * mailbox `nobody@…`.
 */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface KeptMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and text, lines ended by CRLF, as they came. */
  readonly data: string;
}

export class SmtpSink {
  readonly mails: KeptMail[] = [];
  /** Answers to the next messages, such as `451 try later`; then `250`. */
  readonly answers: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      this.#serve(socket);
    });
  }

  /** On a free port, or on that of one that was stopped. */
  static async start(port = 0): Promise<SmtpSink> {
    const sink = new SmtpSink();
    await new Promise<void>((resolve) => {
      sink.#server.listen(port, '127.0.0.1', resolve);
    });
    return sink;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #serve(socket: Socket): void {
    let pending = '';
    let mail = { from: '', to: [] as string[] };
    let data: string | null = null;
    const reply = (line: string): void => {
      socket.write(`${line}\r\n`);
    };
    const take = (line: string): void => {
      if (data !== null) {
        if (line !== '.') {
          data += `${line}\r\n`;
          return;
        }
        const answer = this.answers.shift() ?? '250 kept';
        if (answer.startsWith('250')) this.mails.push({ ...mail, data });
        data = null;
        mail = { from: '', to: [] };
        reply(answer);
        return;
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'MAIL') mail.from = line.slice('MAIL FROM:'.length);
      if (verb === 'RCPT' && line.includes('nobody@')) {
        reply('550 no such mailbox');
        return;
      }
      if (verb === 'RCPT') mail.to.push(line.slice('RCPT TO:'.length));
      if (verb === 'DATA') data = '';
      if (verb === 'QUIT') socket.end('221 bye\r\n');
      else if (verb === 'STAR') reply('502 no TLS here');
      else reply(verb === 'DATA' ? '354 go on' : '250 ok');
    };
    socket.setEncoding('utf8');
    socket.on('error', () => undefined); // the client may leave without a word
    socket.on('data', (text: string) => {
      const lines = (pending + text).split('\r\n');
      pending = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
    reply('220 sink');
  }
}

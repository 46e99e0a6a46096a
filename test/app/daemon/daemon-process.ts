/** The real daemon as a process of its own, with its log and what it says of itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const MAIN = path.resolve(import.meta.dirname, '../../../app/main.ts');

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Healthz {
  readonly status: 'ok' | 'degraded' | 'failed';
  readonly problems: readonly string[];
  readonly loops: readonly { readonly name: string; readonly state: string }[];
}

export class DaemonProcess {
  readonly #child: ChildProcess;
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  #stderr = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.on('data', (text) => {
      this.#stderr += text;
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (exitCode) => resolve(exitCode));
    });
  }

  static start(configFile: string, env: Readonly<Record<string, string>> = {}): DaemonProcess {
    return new DaemonProcess(
      spawn(process.execPath, [MAIN, 'up', '--config', configFile], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, ...env },
      }),
    );
  }

  /** What it wrote, log and last words. */
  get stderr(): string {
    return this.#stderr;
  }

  /** All lines of the log so far; throws when one of them is no JSON. */
  log(): LogLine[] {
    const whole = this.#stderr.slice(0, this.#stderr.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine);
  }

  logged(message: string): LogLine[] {
    return this.log().filter(({ msg }) => msg.includes(message));
  }

  async healthz(): Promise<Healthz> {
    return (await (await fetch(`${this.#base()}/healthz`)).json()) as Healthz;
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.#base()}/metrics`)).text();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Sends SIGTERM; returns the exit code and how long the end took. */
  async stop(): Promise<{ exitCode: number | null; ms: number }> {
    const startedMs = performance.now();
    this.#child.kill('SIGTERM');
    return { exitCode: await this.ended, ms: performance.now() - startedMs };
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #base(): string {
    const port = this.logged('serving /healthz')[0]?.port;
    if (port === undefined) throw new Error(`the daemon does not listen yet: ${this.#stderr}`);
    return `http://127.0.0.1:${port}`;
  }
}

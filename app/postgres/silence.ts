/**
 * Notices connections that died without a word (a firewall that forgot them, a machine that lost its
 * power, a proxy that hangs). Keep-alive packets find only some of these; so the server is asked, on
 * another connection, whether it still works on what is waited for.
 */
import { performance } from 'node:perf_hooks';
import type { WarehouseClient } from './warehouse-client.ts';

const LOOK_EVERY_MS = 5_000;
/** From here on a silence is suspicious; many statements simply take longer. */
const SILENT_FOR_MS = 15_000;
const GOODBYE_MS_MAX = 3_000;

export interface SilenceOptions {
  /** Makes the connection that asks; connecting and its queries must fail by themselves in seconds. */
  readonly newClient: () => WarehouseClient;
  /** Shorter times are for tests. */
  readonly lookEveryMs?: number;
  readonly silentForMs?: number;
}

/** Watches the clients that `add` is given until they end. `stop` ends the watch. */
export class SilenceWatch {
  readonly #clients = new Set<WarehouseClient>();
  /** Not at work by the server's own account, at the last look: what it sent may be on its way. */
  #suspects = new Set<WarehouseClient>();
  readonly #options: SilenceOptions;
  readonly #timer: NodeJS.Timeout;
  #isLooking = false;

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), options.lookEveryMs ?? LOOK_EVERY_MS);
    this.#timer.unref();
  }

  add(client: WarehouseClient): void {
    this.#clients.add(client);
    client.once('end', () => this.#clients.delete(client));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Cuts all that still live: for the end, which waits for no dead connection. */
  cutAll(reason: string): void {
    for (const client of this.#clients) client.cut(reason);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const silent = this.#silentClients();
      if (silent.length === 0) this.#suspects.clear();
      else await this.#ask(silent);
    } finally {
      this.#isLooking = false;
    }
  }

  #silentClients(): WarehouseClient[] {
    const limitMs = this.#options.silentForMs ?? SILENT_FOR_MS;
    const nowMs = performance.now();
    return [...this.#clients].filter((client) => client.silentForMs(nowMs) >= limitMs);
  }

  async #ask(silent: readonly WarehouseClient[]): Promise<void> {
    let atWork: Set<number>;
    try {
      atWork = await this.#backendsAtWork();
    } catch {
      for (const client of silent) client.cut('the server does not answer');
      return;
    }
    const idle = silent.filter(({ backendPid }) => backendPid !== null && !atWork.has(backendPid));
    for (const client of idle) {
      if (this.#suspects.has(client)) client.cut('the server is not at work on what is waited for');
    }
    this.#suspects = new Set(idle);
  }

  async #backendsAtWork(): Promise<Set<number>> {
    const client = this.#options.newClient();
    try {
      await client.connect();
      // A state that is not shown to this user, or not tracked, accuses nobody.
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity where state is null or state not like 'idle%'`,
      );
      return new Set(rows.map((row) => row.pid));
    } finally {
      void endOrCut(client);
    }
  }
}

/** Says goodbye to the server, but waits for its answer for a moment only. */
export async function endOrCut(client: WarehouseClient): Promise<void> {
  const timer = setTimeout(() => client.cut('it did not end'), GOODBYE_MS_MAX);
  await client.end().catch(() => undefined);
  clearTimeout(timer);
}

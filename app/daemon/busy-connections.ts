/** The connections that are at work, so that a daemon that must end can cut them off. */
import pg from 'pg';

const CANCEL_MS_MAX = 1_000;

/** What the driver keeps beside its documented interface. */
interface Session {
  readonly processID?: number | null;
  /** False once the connection is broken. */
  readonly _queryable?: boolean;
  readonly connection?: { readonly stream: { destroy(): void } };
}

export class BusyConnections {
  readonly #busy = new Map<pg.PoolClient, pg.Pool>();

  /** Server processes whose connections broke while at work, and when that was seen. */
  readonly #left = new Map<number, Date>();

  watch(pool: pg.Pool): void {
    pool.on('acquire', (client) => this.#busy.set(client, pool));
    pool.on('release', (_, client) => {
      this.#busy.delete(client);
      if ((client as unknown as Session)._queryable === false) this.#noteLeft(client);
    });
    pool.on('remove', (client) => this.#busy.delete(client));
  }

  /**
   * Cancels what runs (the server rolls back what was not committed), then breaks the connections:
   * a server that does not answer must not keep the process.
   */
  cut(): void {
    const sessions = [...this.#busy];
    for (const [client] of sessions) this.#noteLeft(client);
    for (const pool of new Set(sessions.map(([, pool]) => pool))) {
      const ids = sessions
        .filter(([, other]) => other === pool)
        .map(([client]) => (client as unknown as Session).processID)
        .filter((id) => typeof id === 'number');
      cancel(pool, ids).catch(() => undefined); // the broken connections end them as well, later
    }
    setTimeout(() => {
      for (const [client] of sessions) (client as unknown as Session).connection?.stream.destroy();
    }, CANCEL_MS_MAX);
  }

  /**
   * Call it when the server answers. Ends what it still keeps of connections that broke: in a silent
   * network it does not notice for long, and such a session holds the locks of its transaction.
   */
  async endLeftOver(pool: pg.Pool): Promise<void> {
    if (this.#left.size === 0) return;
    const left = [...this.#left];
    await pool.query(
      `select pg_terminate_backend(session.pid)
       from unnest($1::integer[], $2::timestamptz[]) as broken (pid, seen_at)
       join pg_stat_activity as session using (pid)
       where session.datname = current_database() and session.usename = current_user
         and session.pid <> pg_backend_pid() and session.backend_start < broken.seen_at`,
      [left.map(([pid]) => pid), left.map(([, seenAt]) => seenAt)],
    );
    for (const [pid] of left) this.#left.delete(pid);
  }

  #noteLeft(client: pg.PoolClient): void {
    const { processID } = client as unknown as Session;
    if (typeof processID === 'number') this.#left.set(processID, new Date());
  }
}

async function cancel(pool: pg.Pool, processIds: readonly number[]): Promise<void> {
  const client = new pg.Client({ ...pool.options, connectionTimeoutMillis: CANCEL_MS_MAX });
  client.on('error', () => undefined); // reported by the query
  await client.connect();
  try {
    await client.query('select pg_cancel_backend(id) from unnest($1::integer[]) as id', [
      processIds,
    ]);
  } finally {
    await client.end();
  }
}

/** The connections that are at work, so that a daemon that must end can cut them off. */
import pg from 'pg';

const CANCEL_MS_MAX = 1_000;

/** What the driver keeps beside its documented interface. */
interface Session {
  readonly processID?: number | null;
  readonly connection?: { readonly stream: { destroy(): void } };
}

export class BusyConnections {
  readonly #busy = new Map<pg.PoolClient, pg.Pool>();

  watch(pool: pg.Pool): void {
    pool.on('acquire', (client) => this.#busy.set(client, pool));
    pool.on('release', (_, client) => this.#busy.delete(client));
    pool.on('remove', (client) => this.#busy.delete(client));
  }

  /**
   * Cancels what runs (the server rolls back what was not committed), then breaks the connections:
   * a server that does not answer must not keep the process.
   */
  cut(): void {
    const sessions = [...this.#busy];
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

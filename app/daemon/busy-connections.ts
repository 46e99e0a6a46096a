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

  readonly #left = new Set<number>();
  #leftAt: Date | null = null;

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
    this.#leftAt ??= new Date();
    for (const [client] of sessions) {
      const { processID } = client as unknown as Session;
      if (typeof processID === 'number') this.#left.add(processID);
    }
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

  /** Call it when the server answers again: ends what it still keeps of the connections that were cut. */
  async endLeftOver(pool: pg.Pool): Promise<void> {
    if (this.#leftAt === null) return;
    const [ids, before] = [[...this.#left], this.#leftAt];
    this.#left.clear();
    this.#leftAt = null;
    await endSessions(pool, ids, before);
  }
}

/** Sessions of ours that the server still keeps although their connections were cut: they hold locks. */
async function endSessions(pool: pg.Pool, ids: readonly number[], before: Date): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where pid = any ($1) and datname = current_database() and usename = current_user
       and pid <> pg_backend_pid() and backend_start < $2`,
    [ids, before],
  );
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

/** The only place that opens connections for the product. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { DatabaseError, DatabaseUnavailableError, MeterhouseError } from '../foundation/errors.ts';
import type { DB } from '../migrations/schema.types.ts';
import {
  isBrokenConnection,
  isUnavailableState,
  reasonOf,
  sqlStateOf,
} from './postgres/connection-errors.ts';
import { type EmbeddedServer, startEmbeddedServer } from './postgres/embedded-server.ts';
import { describeAddress } from './postgres/server-address.ts';
import { SilenceWatch } from './postgres/silence.ts';
import { clientClassOf, type ServerAddress, WarehouseClient } from './postgres/warehouse-client.ts';

export { type DatabaseRetryOptions, withDatabaseRetry } from './postgres/retry.ts';

/** PostgreSQL 15 is the oldest version that the SQL is tested on. */
const SERVER_VERSION_NUM_MIN = 150_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Of an idle connection, before the system asks whether the other side is still there. */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** Of the question whether the server is still at work. */
const PROBE_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 5_000;
const EMBEDDED_DATABASE = 'meterhouse';
/** It cannot even open a session then: each writes a file of its own. */
const DISK_FULL = '53100';
const DUPLICATE_DATABASE = '42P04';

export interface Database {
  readonly pool: pg.Pool;
  readonly kysely: Kysely<DB>;
  /** Where the data is, for people: no password in it. */
  readonly description: string;
  close(): Promise<void>;
}

export type DatabaseLocation =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'embedded';
      readonly folder: string;
      /** False: a crash of the machine may lose it (never a crash of ours). True by default. */
      readonly isDurable?: boolean;
    };

/** Opens the warehouse. Throws DatabaseError with one plain line when it cannot be reached. */
export async function openDatabase(
  location: DatabaseLocation,
  connectionsMax = 10,
): Promise<Database> {
  if (location.kind === 'url') {
    const address = { description: describeAddress(location.url) };
    const connections = await connect(location.url, address, connectionsMax);
    return databaseOf(connections, address.description, () => Promise.resolve());
  }
  const { folder, isDurable = true } = location;
  const server = await startEmbeddedServer({ folder, isDurable });
  const description = `embedded PostgreSQL in ${folder}`;
  const address = { description, readyPort: () => server.ensureRunning() };
  try {
    await createDatabase(server, EMBEDDED_DATABASE);
    const connections = await connect(server.url(EMBEDDED_DATABASE), address, connectionsMax);
    return databaseOf(connections, description, () => server.release());
  } catch (error) {
    await server.release();
    throw error;
  }
}

/** Empties an embedded warehouse: for the demo, which begins anew each time and need not outlive a crash. */
export async function resetEmbeddedDatabase(folder: string): Promise<void> {
  const server = await startEmbeddedServer({ folder, isDurable: false });
  try {
    const client = new pg.Client({ connectionString: server.url('postgres') });
    await client.connect();
    try {
      await client.query(`drop database if exists ${EMBEDDED_DATABASE} with (force)`);
    } finally {
      await client.end();
    }
  } finally {
    await server.release();
  }
}

/** A failure of the database, as one line and as the kind that says whether to try again; else null. */
export function databaseErrorOf(error: unknown): DatabaseError | null {
  if (error instanceof DatabaseError) return error;
  const state = sqlStateOf(error);
  if (state === null && !isBrokenConnection(error)) return null;
  const text =
    state === null
      ? `the connection to the database failed: ${reasonOf(error)}`
      : `the database failed: ${reasonOf(error)} (SQLSTATE ${state})`;
  const isUnavailable = state === null || isUnavailableState(error);
  return new (isUnavailable ? DatabaseUnavailableError : DatabaseError)(text, { cause: error });
}

/** What the driver throws: an SQLSTATE or a broken connection. */
export function isDatabaseFailure(error: unknown): error is Error & { code: string } {
  return !(error instanceof MeterhouseError) && databaseErrorOf(error) !== null;
}

/** int8 as number where it is exact; numeric and date stay text; see STYLE on money. */
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: string) {
    if (format !== 'binary') {
      if (oid === pg.types.builtins.INT8) return exactInteger;
      if (oid === pg.types.builtins.DATE) return (text: string) => text;
    }
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`integer out of exact range: ${text}`);
  return value;
}

interface Connections {
  readonly pool: pg.Pool;
  readonly watch: SilenceWatch;
}

async function connect(
  url: string,
  address: ServerAddress,
  connectionsMax: number,
): Promise<Connections> {
  const config: pg.PoolConfig = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    types: typeParsers,
    application_name: 'meterhouse',
  };
  const pool = new pg.Pool({ ...config, max: connectionsMax, Client: clientClassOf(address) });
  pool.on('error', () => undefined); // an idle connection broke; the next query reports it
  const probe = { ...config, connectionTimeoutMillis: PROBE_TIMEOUT_MS };
  const watch = new SilenceWatch({
    newClient: () => new WarehouseClient(address, { ...probe, query_timeout: PROBE_TIMEOUT_MS }),
  });
  pool.on('connect', (client) => {
    if (client instanceof WarehouseClient) watch.add(client);
  });
  try {
    await assertUsable(pool, address.description);
    return { pool, watch };
  } catch (error) {
    await closeConnections({ pool, watch });
    throw unreachable(error, address.description);
  }
}

async function assertUsable(pool: pg.Pool, description: string): Promise<void> {
  const { rows } = await pool.query<{ version_num: string; version: string; encoding: string }>(
    `select current_setting('server_version_num') as version_num,
            current_setting('server_version') as version,
            current_setting('server_encoding') as encoding`,
  );
  const row = rows[0];
  if (Number(row?.version_num) < SERVER_VERSION_NUM_MIN) {
    throw new DatabaseError(
      `PostgreSQL ${row?.version} at ${description} is too old: version 15 or newer is needed`,
    );
  }
  if (row?.encoding !== 'UTF8') {
    throw new DatabaseError(
      `the database at ${description} has the encoding ${row?.encoding}, and UTF8 is needed: create one with encoding 'UTF8' template template0`,
    );
  }
}

function unreachable(error: unknown, description: string): Error {
  if (error instanceof DatabaseError && !(error instanceof DatabaseUnavailableError)) return error;
  const known = databaseErrorOf(error);
  const isUnavailable = known instanceof DatabaseUnavailableError;
  const cause = error instanceof MeterhouseError ? error.cause : error;
  const advice = sqlStateOf(cause) === DISK_FULL ? 'free space on its disk' : 'check database.url';
  return new (isUnavailable ? DatabaseUnavailableError : DatabaseError)(
    `cannot reach the database at ${description}: ${reasonOf(cause)}; ${advice}`,
    { cause },
  );
}

function databaseOf(
  connections: Connections,
  description: string,
  release: () => Promise<void>,
): Database {
  const { pool } = connections;
  return {
    pool,
    kysely: new Kysely<DB>({ dialect: new PostgresDialect({ pool }) }),
    description,
    close: async () => {
      await closeConnections(connections);
      await release();
    },
  };
}

/** Waits for the server's goodbyes for a moment only: a dead one says none. */
async function closeConnections({ pool, watch }: Connections): Promise<void> {
  const timer = setTimeout(() => watch.cutAll('closing'), CLOSE_TIMEOUT_MS);
  await pool.end();
  clearTimeout(timer);
  watch.stop();
}

async function createDatabase(server: EmbeddedServer, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (sqlStateOf(error) !== DUPLICATE_DATABASE) throw error;
  } finally {
    await client.end();
  }
}

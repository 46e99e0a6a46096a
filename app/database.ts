/** The only place that opens connections for the product. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { DatabaseError } from '../foundation/errors.ts';
import type { DB } from '../migrations/schema.types.ts';
import { type EmbeddedServer, startEmbeddedServer } from './postgres/embedded-server.ts';

/** PostgreSQL 15 is the oldest version that the SQL is tested on. */
const SERVER_VERSION_NUM_MIN = 150_000;
const CONNECT_TIMEOUT_MS = 10_000;
const EMBEDDED_DATABASE = 'meterhouse';
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
    const pool = await connectedPool(location.url, connectionsMax);
    return databaseOf(pool, withoutPassword(location.url), () => Promise.resolve());
  }
  const { folder, isDurable = true } = location;
  const server = await startEmbeddedServer({ folder, isDurable });
  try {
    await createDatabase(server, EMBEDDED_DATABASE);
    const pool = await connectedPool(server.url(EMBEDDED_DATABASE), connectionsMax);
    const description = `embedded PostgreSQL in ${folder}`;
    return databaseOf(pool, description, () => server.release());
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

/** What the driver throws: an SQLSTATE (five characters) or a broken connection's code. */
export function isDatabaseFailure(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^([0-9A-Z]{5}|ECONN[A-Z]+|EPIPE)$/.test(error.code)
  );
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

async function connectedPool(url: string, connectionsMax: number): Promise<pg.Pool> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: typeParsers,
    options: '-c timezone=UTC -c jit=off -c search_path=public -c client_min_messages=warning',
    application_name: 'meterhouse',
  });
  // A lost session is reported by the query that meets it, not by ending the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined); // an idle connection broke; the next query reports it
  try {
    const { rows } = await pool.query<{ version_num: string; version: string }>(
      `select current_setting('server_version_num') as version_num,
              current_setting('server_version') as version`,
    );
    const row = rows[0];
    if (Number(row?.version_num) < SERVER_VERSION_NUM_MIN) {
      throw new DatabaseError(
        `PostgreSQL ${row?.version} at ${withoutPassword(url)} is too old: version 15 or newer is needed`,
      );
    }
    return pool;
  } catch (error) {
    await pool.end();
    if (error instanceof DatabaseError) throw error;
    const reason =
      error instanceof Error && error.message !== '' ? error.message : errorCode(error);
    throw new DatabaseError(
      `cannot reach the database at ${withoutPassword(url)}: ${reason}; check database.url`,
      { cause: error },
    );
  }
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'unknown reason';
}

function databaseOf(pool: pg.Pool, description: string, release: () => Promise<void>): Database {
  return {
    pool,
    kysely: new Kysely<DB>({ dialect: new PostgresDialect({ pool }) }),
    description,
    close: async () => {
      await pool.end();
      await release();
    },
  };
}

async function createDatabase(server: EmbeddedServer, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (errorCode(error) !== DUPLICATE_DATABASE) throw error;
  } finally {
    await client.end();
  }
}

/** `host:port/database` of a connection string, with neither user nor password. */
export function withoutPassword(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch {
    return 'database.url';
  }
}

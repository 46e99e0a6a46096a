/**
 * A real PostgreSQL in a folder: made on first use, started when nobody runs it yet, shared by
 * every Meterhouse process that names the same folder, and stopped when the last of them is gone
 * (by this module on an orderly end, by the watchdog after a crash).
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DatabaseUnavailableError } from '../../foundation/errors.ts';
import { findPostgresBinaries } from './binaries.ts';
import {
  assertMajorVersion,
  type Cluster,
  initialise,
  passwordFile,
  runningPort,
  SUPERUSER,
  start,
  stop,
} from './cluster.ts';
import { serviceUser } from './service-user.ts';

const START_ATTEMPTS_MAX = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const LAST_CLIENT_LOOKS_MAX = 20;
const LAST_CLIENT_LOOK_EVERY_MS = 25;

export interface EmbeddedServerOptions {
  /** Holds the cluster, the log and the password; made when missing. */
  readonly folder: string;
  /** False gives up crash safety of the data for speed: tests and benchmarks only. */
  readonly isDurable?: boolean;
  /** Programs of another PostgreSQL instead of the embedded ones. */
  readonly binDir?: string;
}

export interface EmbeddedServer {
  /** Connection string of a database on the server. Holds the password: never print it. */
  url(database: string): string;
  /** Where it listens now. */
  readonly port: number;
  /** Starts it again when it died; the port may be another then. Cheap while it lives. */
  ensureRunning(): Promise<number>;
  /** Gives the server back; stops it when no other client is connected. */
  release(): Promise<void>;
}

/** Starts or joins the server of a folder. Throws DatabaseError when it cannot be had. */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const folder = path.resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const binaries = await findPostgresBinaries(options.binDir);
  const user = await serviceUser([folder, path.dirname(binaries.postgres)]);
  const cluster: Cluster = { folder, dataDir: path.join(folder, 'cluster'), binaries, user };
  await initialise(cluster);
  const password = (await readFile(passwordFile(cluster), 'utf8')).trim();
  const url = (port: number, database: string): string =>
    `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  const attach = () => joined(cluster, options.isDurable ?? true, url);

  let presence = await attach();
  let starting: Promise<Presence> | null = null;
  let isReleased = false;
  return {
    get port() {
      return presence.port;
    },
    url: (database) => url(presence.port, database),
    ensureRunning: async () => {
      if (presence.isGone && !isReleased) {
        starting ??= attach().finally(() => {
          starting = null;
        });
        presence = await starting;
      }
      return presence.port;
    },
    release: async () => {
      isReleased = true;
      if (presence.isGone) return;
      const isLast = await isOnlyClient(presence.client).catch(() => false);
      await presence.client.end().catch(() => undefined);
      if (isLast) await stop(cluster);
    },
  };
}

/** One connection that is held for as long as the server is in use: the watchdog counts them. */
interface Presence {
  readonly client: pg.Client;
  readonly port: number;
  /** True when the server, or the connection to it, is no more. */
  isGone: boolean;
}

async function joined(
  cluster: Cluster,
  isDurable: boolean,
  url: (port: number, database: string) => string,
): Promise<Presence> {
  for (let attempt = 1; attempt <= START_ATTEMPTS_MAX; attempt += 1) {
    const running = await runningPort(cluster);
    const joinedNow = running === null ? null : await present(running, url(running, 'postgres'));
    if (joinedNow !== null) return joinedNow;
    const port = await freePort();
    if (await start(cluster, port, isDurable)) {
      startWatchdog(cluster, url(port, 'postgres'));
      const started = await present(port, url(port, 'postgres'));
      if (started !== null) return started;
    }
    await assertMajorVersion(cluster);
    await sleep(200 * attempt);
  }
  throw new DatabaseUnavailableError(
    `the embedded PostgreSQL in ${cluster.folder} does not start: see ${path.join(cluster.folder, 'server.log')}`,
  );
}

/** Null when nobody lets us in there. */
async function present(port: number, connectionString: string): Promise<Presence | null> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  const presence: Presence = { client, port, isGone: false };
  const note = (): void => {
    presence.isGone = true;
  };
  client.on('error', note);
  client.on('end', note);
  try {
    await client.connect();
    return presence;
  } catch {
    await client.end().catch(() => undefined);
    return null;
  }
}

/** Looks more than once: a connection that was just closed is listed for a moment longer. */
async function isOnlyClient(presence: pg.Client): Promise<boolean> {
  for (let look = 0; look < LAST_CLIENT_LOOKS_MAX; look += 1) {
    const { rows } = await presence.query<{ others: string }>(
      `select count(*) as others from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid()
         and application_name <> 'meterhouse watchdog'`,
    );
    if (Number(rows[0]?.others) === 0) return true;
    await sleep(LAST_CLIENT_LOOK_EVERY_MS);
  }
  return false;
}

/** The watchdog outlives this process: it is what stops the server after a kill. */
function startWatchdog(cluster: Cluster, url: string): void {
  const script = fileURLToPath(new URL('./watchdog.ts', import.meta.url));
  const child = spawn(process.execPath, [script], {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
    env: {
      PATH: process.env.PATH,
      METERHOUSE_WATCHDOG_URL: url,
      METERHOUSE_WATCHDOG_PID_FILE: path.join(cluster.dataDir, 'postmaster.pid'),
    },
  });
  child.unref();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port from the system');
  return address.port;
}

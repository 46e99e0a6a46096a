/**
 * A real PostgreSQL in a folder: made on first use, started when nobody runs it yet, shared by
 * every Meterhouse process that names the same folder, and stopped when the last of them is gone
 * (by this module on an orderly end, by the watchdog after a crash).
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { DatabaseError, DatabaseUnavailableError } from '../../foundation/errors.ts';
import { findPostgresBinaries, type PostgresBinaries } from './binaries.ts';
import { asServiceUser, type ServiceUser, serviceUser } from './service-user.ts';

const run = promisify(execFile);

const SUPERUSER = 'meterhouse';
const START_ATTEMPTS_MAX = 10;
const START_TIMEOUT_SECONDS = 60;
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

interface Cluster {
  readonly folder: string;
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServiceUser;
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

/** Data of another major version cannot be opened: says so before PostgreSQL's log does. */
async function assertMajorVersion(cluster: Cluster): Promise<void> {
  const held = (await readFile(path.join(cluster.dataDir, 'PG_VERSION'), 'utf8')).trim();
  const { stdout } = await run(cluster.binaries.postgres, ['--version']);
  const major = /(\d+)/.exec(stdout)?.[1];
  if (major === undefined || held === major) return;
  throw new DatabaseError(
    `the data in ${cluster.folder} is of PostgreSQL ${held}, and the embedded one is version ${major}: run backup with the version of Meterhouse that made it, and restore into a new folder`,
  );
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

/** Makes the cluster beside its final place and renames it, so that two makers cannot mix. */
async function initialise(cluster: Cluster): Promise<void> {
  if (await exists(cluster.dataDir)) return;
  const draft = `${cluster.dataDir}.${randomBytes(4).toString('hex')}`;
  await mkdir(draft, { mode: 0o700 });
  const password = randomBytes(18).toString('base64url');
  await writeFile(passwordFile(cluster), password, { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  const { user } = cluster;
  if (user.kind === 'other') {
    await chown(draft, user.uid, user.gid);
    await chown(passwordFile(cluster), user.uid, user.gid);
  }
  const args = [
    `--pgdata=${draft}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile(cluster)}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  const command = asServiceUser(user, cluster.binaries.initdb, args);
  try {
    await run(command.file, [...command.args], { ...command.options, cwd: '/' });
    await rename(draft, cluster.dataDir);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if (await exists(cluster.dataDir)) return;
    throw new DatabaseError(`initdb failed in ${cluster.folder}`, { cause });
  }
}

async function start(cluster: Cluster, port: number, isDurable: boolean): Promise<boolean> {
  const { dataDir, folder, user, binaries } = cluster;
  const logFile = path.join(folder, 'server.log');
  await (await open(logFile, 'a')).close();
  if (user.kind === 'other') await chown(logFile, user.uid, user.gid);
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'max_connections=64',
    'shared_buffers=256MB',
    'max_wal_size=4GB',
    'jit=off',
    ...(isDurable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
  const serverOptions = settings.map((setting) => `-c ${setting}`).join(' ');
  const args = [
    'start',
    '-D',
    dataDir,
    '-l',
    logFile,
    '-w',
    '-s',
    '-t',
    `${START_TIMEOUT_SECONDS}`,
  ];
  const command = asServiceUser(user, binaries.pgCtl, [
    ...args,
    '-o',
    serverOptions,
    '-p',
    binaries.postgres,
  ]);
  return new Promise((resolve) => {
    const child = spawn(command.file, [...command.args], {
      ...command.options,
      cwd: '/',
      stdio: 'ignore',
    });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

async function stop(cluster: Cluster): Promise<void> {
  const args = ['stop', '-D', cluster.dataDir, '-m', 'fast', '-w', '-s'];
  const command = asServiceUser(cluster.user, cluster.binaries.pgCtl, args);
  await run(command.file, [...command.args], { ...command.options, cwd: '/' }).catch(
    () => undefined, // another process stopped it first
  );
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

function passwordFile(cluster: Cluster): string {
  return path.join(cluster.folder, 'password');
}

/** The port of a server that owns the folder now, from its own pid file, or null. */
async function runningPort(cluster: Cluster): Promise<number | null> {
  const PORT_LINE = 3;
  try {
    const lines = (await readFile(path.join(cluster.dataDir, 'postmaster.pid'), 'utf8')).split(
      '\n',
    );
    const port = Number.parseInt(lines[PORT_LINE] ?? '', 10);
    return Number.isInteger(port) ? port : null;
  } catch {
    return null;
  }
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

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

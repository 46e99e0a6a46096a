/** The files and programs of one PostgreSQL cluster: made, started and stopped, by whoever calls. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { DatabaseError } from '../../foundation/errors.ts';
import type { PostgresBinaries } from './binaries.ts';
import { asServiceUser, type ServiceUser } from './service-user.ts';

const run = promisify(execFile);

export const SUPERUSER = 'meterhouse';
const START_TIMEOUT_SECONDS = 60;

export interface Cluster {
  readonly folder: string;
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServiceUser;
}

/** Makes the cluster beside its final place and renames it, so that two makers cannot mix. */
export async function initialise(cluster: Cluster): Promise<void> {
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

/** Data of another major version cannot be opened: says so before PostgreSQL's log does. */
export async function assertMajorVersion(cluster: Cluster): Promise<void> {
  const held = (await readFile(path.join(cluster.dataDir, 'PG_VERSION'), 'utf8')).trim();
  const { stdout } = await run(cluster.binaries.postgres, ['--version']);
  const major = /(\d+)/.exec(stdout)?.[1];
  if (major === undefined || held === major) return;
  throw new DatabaseError(
    `the data in ${cluster.folder} is of PostgreSQL ${held}, and the embedded one is version ${major}: run backup with the version of Meterhouse that made it, and restore into a new folder`,
  );
}

/** Returns whether it runs then: another process may have taken the port. */
export async function start(cluster: Cluster, port: number, isDurable: boolean): Promise<boolean> {
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

/** Fast: open transactions are rolled back. */
export async function stop(cluster: Cluster): Promise<void> {
  const args = ['stop', '-D', cluster.dataDir, '-m', 'fast', '-w', '-s'];
  const command = asServiceUser(cluster.user, cluster.binaries.pgCtl, args);
  await run(command.file, [...command.args], { ...command.options, cwd: '/' }).catch(
    () => undefined, // another process stopped it first
  );
}

/** The port of a server that owns the folder now, from its own pid file, or null. */
export async function runningPort(cluster: Cluster): Promise<number | null> {
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

/** The superuser's; only its owner can read it. */
export function passwordFile(cluster: Cluster): string {
  return path.join(cluster.folder, 'password');
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

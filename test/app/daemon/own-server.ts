/** A PostgreSQL server of a test's own: it can be killed, and started again where it was. */
import { mkdir, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findPostgresBinaries } from '../../../app/postgres/binaries.ts';
import {
  type Cluster,
  initialise,
  passwordFile,
  SUPERUSER,
  start,
  stop,
} from '../../../app/postgres/cluster.ts';
import { serviceUser } from '../../../app/postgres/service-user.ts';

/** After a kill the former server's processes keep its memory for a moment. */
const START_ATTEMPTS_MAX = 60;
const START_EVERY_MS = 500;

export class OwnServer {
  readonly #cluster: Cluster;
  readonly #port: number;
  readonly #password: string;

  private constructor(cluster: Cluster, port: number, password: string) {
    this.#cluster = cluster;
    this.#port = port;
    this.#password = password;
  }

  /** Makes a cluster in the folder and starts it, as safe as a real one: a kill loses nothing. */
  static async start(folder: string): Promise<OwnServer> {
    await mkdir(folder, { recursive: true });
    const binaries = await findPostgresBinaries(process.env.METERHOUSE_TEST_POSTGRES_BIN);
    const user = await serviceUser([folder, path.dirname(binaries.postgres)]);
    const cluster: Cluster = { folder, dataDir: path.join(folder, 'cluster'), binaries, user };
    await initialise(cluster);
    const password = (await readFile(passwordFile(cluster), 'utf8')).trim();
    const server = new OwnServer(cluster, await freePort(), password);
    await server.startAgain();
    return server;
  }

  get url(): string {
    return `postgres://${SUPERUSER}:${this.#password}@127.0.0.1:${this.#port}/postgres`;
  }

  /** As a machine that loses its power, or the kernel that runs out of memory. */
  async kill(): Promise<void> {
    process.kill(await postmasterPid(this.#cluster.folder), 'SIGKILL');
  }

  /** On the port that it had, unless it is still there. */
  async startAgain(): Promise<void> {
    for (let attempt = 1; attempt <= START_ATTEMPTS_MAX; attempt += 1) {
      if ((await this.#answers()) || (await start(this.#cluster, this.#port, true))) return;
      await sleep(START_EVERY_MS);
    }
    throw new Error(`the server in ${this.#cluster.folder} does not start: see its server.log`);
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  }

  async stop(): Promise<void> {
    await stop(this.#cluster);
  }
}

/** The process of the server that runs in a folder, Meterhouse's embedded one or a test's own. */
export async function postmasterPid(folder: string): Promise<number> {
  const file = path.join(folder, 'cluster', 'postmaster.pid');
  return Number.parseInt(await readFile(file, 'utf8'), 10);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Databases of a proof's own, cloned from a migrated template, on a server of its own or a given one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedServer } from '../../app/postgres/embedded-server.ts';
import { openWarehouse } from '../../app/warehouse.ts';

const TEMPLATE = 'meterhouse_proof_template';

export interface ProofServer {
  /** A folder of the proof's own, gone when the server is closed. */
  readonly folder: string;
  /** Makes a migrated database and returns its connection string. */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  close(): Promise<void>;
}

/** A PostgreSQL that nobody else uses and that need not survive a crash. */
export async function startProofServer(): Promise<ProofServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-proof-'));
  const server = await startEmbeddedServer({ folder, isDurable: false });
  await administer(server.url('postgres'), `create database ${TEMPLATE}`);
  const warehouse = await openWarehouse({ kind: 'url', url: server.url(TEMPLATE) });
  await warehouse.close();
  return {
    ...databasesOf(server.url('postgres'), TEMPLATE),
    folder,
    close: async () => {
      await server.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server at `url`, which has a migrated `template` and goes on after the proof. */
export async function joinProofServer(url: string, template: string): Promise<ProofServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-proof-'));
  return {
    ...databasesOf(url, template),
    folder,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function databasesOf(
  url: string,
  template: string,
): Pick<ProofServer, 'createDatabase' | 'dropDatabase'> {
  return {
    createDatabase: async (name) => {
      await administer(url, `create database ${name} template ${template}`);
      const database = new URL(url);
      database.pathname = `/${name}`;
      return database.href;
    },
    dropDatabase: (name) => administer(url, `drop database if exists ${name} with (force)`),
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

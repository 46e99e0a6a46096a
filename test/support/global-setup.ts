/**
 * One PostgreSQL for the whole test run: the embedded version 18, or the programs in
 * METERHOUSE_TEST_POSTGRES_BIN (the suite passes on 15 and on 18). A migrated template database is
 * made once; each test clones it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedServer } from '../../app/postgres/embedded-server.ts';
import { makeCurrent } from './make-current.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export const TEMPLATE_DATABASE = 'meterhouse_template';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-test-'));
  const binDir = process.env.METERHOUSE_TEST_POSTGRES_BIN;
  const server = await startEmbeddedServer({
    folder,
    isDurable: false,
    ...(binDir === undefined ? {} : { binDir }),
  });
  await makeTemplate(server.url);
  project.provide('postgresUrl', server.url('postgres'));
  return async () => {
    await server.release();
    await rm(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(url: (database: string) => string): Promise<void> {
  const client = new pg.Client({ connectionString: url('postgres') });
  await client.connect();
  await client.query(`create database ${TEMPLATE_DATABASE}`);
  await client.end();
  await makeCurrent(url(TEMPLATE_DATABASE));
}

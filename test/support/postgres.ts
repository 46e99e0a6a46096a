/** A migrated database of its own for each test that asks for one. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../app/database.ts';

const TEMPLATE_DATABASE = 'meterhouse_template';

export interface TestDatabase extends Database {
  readonly url: string;
}

/**
 * Clones the template and drops the clone when the test is over. Call inside a test or a
 * beforeEach; for a database shared by a file's tests use `createTestDatabase`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  onTestFinished(() => database.close());
  return database;
}

/** The same without the automatic end: the caller closes it, which also drops the clone. */
export async function createTestDatabase(template = TEMPLATE_DATABASE): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template ${template}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  const database = await openDatabase({ kind: 'url', url: url.href });
  return {
    ...database,
    url: url.href,
    close: async () => {
      await database.close();
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

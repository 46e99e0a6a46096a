/** A migrated database of its own for each test that asks for one. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../app/database.ts';
import { makeCurrent } from './make-current.ts';

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
  return openTestDatabase(name, url.href);
}

async function openTestDatabase(name: string, url: string): Promise<TestDatabase> {
  const database = await openDatabase({ kind: 'url', url });
  return {
    ...database,
    url,
    close: async () => {
      await database.close();
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}

/** A migrated database that sorts texts as a language does (ICU), such as `en-US`; the caller closes it. */
export async function createDatabaseWithLocale(locale: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(
    `create database ${name} locale_provider icu icu_locale '${locale}' template template0`,
  );
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  await makeCurrent(url.href);
  return openTestDatabase(name, url.href);
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

/** Databases that are made or set otherwise than the product would. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

/** Runs one statement in the database of a URL. */
export async function administer(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The URL of a new, empty database with these settings (`name to value`), gone when the test is over. */
export async function databaseWith(settings: readonly string[], made = ''): Promise<string> {
  const server = inject('postgresUrl');
  const name = `odd_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name} ${made}`);
  onTestFinished(() =>
    administer(server, `drop database ${name} with (force)`).then(() => undefined),
  );
  for (const setting of settings) await administer(server, `alter database ${name} set ${setting}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

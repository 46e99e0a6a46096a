/**
 * Goal: figures are the same whatever the server, the database or the user's role is set to, also
 * behind a pooler. Method: a database whose settings are all odd; a proxy that hands each transaction
 * to another of two sessions, as PgBouncer does in transaction mode.
 */
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../app/database.ts';
import { migrateToLatest, migrationNames } from '../../migrations/migrate.ts';
import { administer, databaseWith } from '../support/odd-database.ts';
import { transactionPooler } from '../support/transaction-pooler.ts';

const ODD = [
  `datestyle to 'German, DMY'`,
  `intervalstyle to 'sql_standard'`,
  'standard_conforming_strings to off',
  `timezone to 'America/New_York'`,
  `extra_float_digits to '-3'`,
  `bytea_output to 'escape'`,
  `search_path to 'nowhere'`,
  'default_transaction_read_only to on',
  `default_transaction_isolation to 'serializable'`,
  'transform_null_equals to on',
  `statement_timeout to '5s'`,
];

const SHOWN = `select
  timestamptz '2026-10-25 12:00+00' ::text as instant,
  interval '1 day 2 hours' ::text as span,
  '4x\\d' as backslash,
  (0.1::float8 + 0.2)::text as digits,
  current_setting('search_path') as path,
  current_setting('transaction_isolation') as isolation,
  current_setting('lock_timeout') as lock_timeout`;

const AS_IT_SHOULD_BE = {
  instant: '2026-10-25 12:00:00+00',
  span: '1 day 02:00:00',
  backslash: '4x\\d',
  digits: '0.30000000000000004',
  path: 'public',
  isolation: 'read committed',
  lock_timeout: '10min',
};

test('a session is set as the SQL needs it, whatever database and role say', async () => {
  const url = await databaseWith(ODD);
  const database = await openDatabase({ kind: 'url', url });
  onTestFinished(() => database.close());
  expect((await database.pool.query(SHOWN)).rows).toEqual([AS_IT_SHOULD_BE]);
  const [row] = (await database.pool.query(`select timestamptz '2026-10-25 12:00+00' as instant`))
    .rows;
  expect(row.instant).toEqual(new Date('2026-10-25T12:00:00Z'));
});

test('behind a pooler that changes the session with each transaction, every statement is set so', async () => {
  const url = await transactionPooler(await databaseWith(ODD));
  const database = await openDatabase({ kind: 'url', url }, 1);
  onTestFinished(() => database.close());
  const seen = new Set<number>();
  for (let round = 0; round < 4; round += 1) {
    const { rows } = await database.pool.query(SHOWN);
    expect(rows).toEqual([AS_IT_SHOULD_BE]);
    const named = await database.pool.query({
      name: 'a_named_statement',
      text: 'select pg_backend_pid() as pid, $1::text as given',
      values: ['x'],
    });
    seen.add(named.rows[0].pid);
    await database.pool.query('select'); // three statements a round: the turn changes
  }
  expect(seen.size).toBe(2);

  const connection = await database.pool.connect();
  await connection.query('begin isolation level repeatable read');
  const inTransaction = await connection.query(SHOWN);
  await connection.query('commit');
  connection.release();
  expect(inTransaction.rows).toEqual([{ ...AS_IT_SHOULD_BE, isolation: 'repeatable read' }]);
  expect(await migrateToLatest(database.kysely)).toEqual(await migrationNames());
});

test('an error of a statement behind a pooler is reported as it is, and the session goes on', async () => {
  const url = await transactionPooler(await databaseWith([]));
  const database = await openDatabase({ kind: 'url', url }, 1);
  onTestFinished(() => database.close());
  await expect(database.pool.query('select 1 / 0')).rejects.toBeInstanceOf(pg.DatabaseError);
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('an encoding other than UTF8 is refused before anything is made', async () => {
  const url = await databaseWith([], `encoding 'LATIN1' locale 'C' template template0`);
  await expect(openDatabase({ kind: 'url', url })).rejects.toThrow(
    /has the encoding LATIN1, and UTF8 is needed: create one with encoding 'UTF8' template template0$/,
  );
  expect(
    await administer(url, `select nspname from pg_namespace where nspname = 'meterhouse'`),
  ).toEqual([]);
});

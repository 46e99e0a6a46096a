/**
 * Goal: the reader's role reads the marts and can do nothing that lasts or is in anyone's way, and a
 * user who may not make roles migrates all the same. Method: real roles on a real server.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { startEmbeddedServer } from '../../app/postgres/embedded-server.ts';
import { letReaderLogIn } from '../../app/reader-login.ts';
import { openWarehouse } from '../../app/warehouse.ts';
import { ensureReaderRole, READER } from '../../migrations/reader-role.ts';
import { cli, configurationFile, temporaryFolder } from '../support/cli.ts';
import { administer } from '../support/odd-database.ts';
import { testDatabase } from '../support/postgres.ts';
import { connect, emptyDatabase } from './empty-database.ts';

const PASSWORD = 'reader-password-of-a-test';
const DENIED = '42501';

async function readerOf(url: string): Promise<(statement: string) => Promise<string | null>> {
  const reader = new URL(url);
  reader.username = READER;
  reader.password = PASSWORD;
  const client = new pg.Client({ connectionString: reader.href });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('set default_transaction_read_only = off');
  return (statement) =>
    client.query(statement).then(
      () => null,
      (error: pg.DatabaseError) => error.code ?? error.message,
    );
}

test('the reader takes no advisory lock, and makes no temporary table and no large object', async () => {
  const database = await testDatabase();
  await ensureReaderRole(database.kysely, { ownsServer: false });
  await letReaderLogIn(database.pool, PASSWORD);
  const refusal = await readerOf(database.url);
  expect(await refusal('select count(*) from mart.fct_cost_daily')).toBeNull();
  for (const statement of [
    'select pg_advisory_lock(7120003)',
    'select pg_try_advisory_xact_lock_shared(1, 2)',
    `select from meterhouse.lock where name = 'transform' for update`,
    'do $$ begin lock table mart.fct_cost_daily in share mode; end $$',
    'create temporary table mine (id int)',
    'select lo_create(0)',
    `select lo_from_bytea(0, 'x')`,
    'create table public.mine (id int)',
  ]) {
    expect([statement, await refusal(statement)]).toEqual([statement, DENIED]);
  }
});

test('what the reader changed of its own settings is set back by the next migrate', async () => {
  const database = await testDatabase();
  await ensureReaderRole(database.kysely, { ownsServer: false });
  await letReaderLogIn(database.pool, PASSWORD);
  const refusal = await readerOf(database.url);
  const name = new URL(database.url).pathname.slice(1);
  expect(await refusal(`alter role ${READER} set statement_timeout = 0`)).toBeNull();
  expect(await refusal(`alter role ${READER} set work_mem = '1GB'`)).toBeNull();
  expect(
    await refusal(
      `alter role ${READER} in database ${name} set default_transaction_read_only = off`,
    ),
  ).toBeNull();
  const config = await configurationFile({
    database: { url: database.url },
    reporting_currency: 'USD',
    accounts: [{ id: 'a', provider: 'fluence', credentials: { api_key: `\${KEY}` } }],
  });
  expect((await cli(['migrate', '--config', config], { KEY: 'k' })).exitCode).toBe(0);
  const settings = await administer(
    database.url,
    `select setconfig from pg_db_role_setting where setrole = '${READER}'::regrole`,
  );
  expect(settings).toEqual([
    {
      setconfig: [
        'statement_timeout=15s',
        'default_transaction_read_only=on',
        'idle_in_transaction_session_timeout=60s',
        'jit=off',
      ],
    },
  ]);
});

test('on the embedded server every other database is closed to the reader', async () => {
  const folder = await temporaryFolder();
  const warehouse = await openWarehouse({ kind: 'embedded', folder, isDurable: false });
  onTestFinished(() => warehouse.close());
  expect(warehouse.readerLacks).toEqual([]);
  const server = await startEmbeddedServer({ folder: path.resolve(folder) });
  const { rows } = await warehouse.pool.query(
    `select datname from pg_database where has_database_privilege('${READER}', oid, 'connect')`,
  );
  await server.release();
  expect(rows).toEqual([{ datname: 'meterhouse' }]);
});

test('an owner of the database who may not create roles migrates, and is told what is missing', async () => {
  const url = await emptyDatabase();
  const owner = `owner_${randomBytes(6).toString('hex')}`;
  await administer(inject('postgresUrl'), `create role ${owner} login password 'p'`);
  const name = new URL(url).pathname.slice(1);
  await administer(inject('postgresUrl'), `alter database ${name} owner to ${owner}`);
  onTestFinished(async () => {
    await administer(url, `reassign owned by ${owner} to current_user`);
    await administer(url, `drop owned by ${owner}`);
    await administer(inject('postgresUrl'), `drop role ${owner}`);
  });
  const asOwner = new URL(url);
  asOwner.username = owner;
  asOwner.password = 'p';
  const config = await configurationFile({
    database: { url: asOwner.href },
    reporting_currency: 'USD',
    accounts: [{ id: 'a', provider: 'fluence', credentials: { api_key: `\${KEY}` } }],
  });
  const { exitCode, stdout, stderr } = await cli(['migrate', '--config', config, '--json'], {
    KEY: 'k',
  });
  expect([exitCode, stderr]).toEqual([0, '']);
  const { migrations_applied: applied, reader_lacks: lacks } = JSON.parse(stdout);
  expect(applied.length).toBeGreaterThan(20);
  expect(lacks).toEqual([
    expect.stringContaining('may store large objects and take advisory locks'),
  ]);
  const { rows } = await connect(url)
    .selectNoFrom((builder) =>
      builder
        .fn<boolean>('has_table_privilege', [
          builder.val(READER),
          builder.val('mart.fct_cost_daily'),
          builder.val('select'),
        ])
        .as('reads'),
    )
    .execute()
    .then((found) => ({ rows: found }));
  expect(rows).toEqual([{ reads: true }]);
});

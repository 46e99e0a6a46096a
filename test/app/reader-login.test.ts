/**
 * Goal: the password of the configuration lets Grafana's role in, to read the marts and nothing
 * else, and stands nowhere. Method: the real command line, then a connection as that role.
 */
import pg from 'pg';
import { expect, test } from 'vitest';
import { parseConfiguration } from '../../app/config.ts';
import { scramVerifier } from '../../app/reader-login.ts';
import { cli, configurationFile } from '../support/cli.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';

const PASSWORD = 'reader-password-of-a-test';
/** What a configuration says instead of a secret. */
const VARIABLE = `\${READER_PASSWORD}`;
const ACCOUNT = {
  id: 'a',
  provider: 'fluence',
  base_url: 'http://127.0.0.1:9',
  credentials: { api_key: 'k' },
};

function configurationText(readerPassword: string): string {
  return JSON.stringify({
    database: { folder: 'postgres', reader_password: readerPassword },
    reporting_currency: 'USD',
    accounts: [ACCOUNT],
  });
}

async function asReader<Result>(
  { url }: TestDatabase,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const reader = new URL(url);
  reader.username = 'meterhouse_reader';
  reader.password = PASSWORD;
  const client = new pg.Client({ connectionString: reader.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('migrate lets the reader log in, who reads the marts and nothing else', async () => {
  const database = await testDatabase();
  const config = await configurationFile({
    database: { url: database.url, reader_password: VARIABLE },
    reporting_currency: 'USD',
    accounts: [ACCOUNT],
  });
  const migrated = await cli(['migrate', '--config', config, '--json'], {
    READER_PASSWORD: PASSWORD,
  });
  expect([migrated.exitCode, migrated.stderr]).toEqual([0, '']);
  expect(JSON.parse(migrated.stdout).reader_password_set).toBe(true);
  expect(migrated.stdout).not.toContain(PASSWORD);

  await asReader(database, async (reader) => {
    const refusal = (statement: string) =>
      reader.query(statement).then(
        () => null,
        (error: pg.DatabaseError) => error.code,
      );
    const { rows } = await reader.query('select count(*) as facts from mart.fct_cost_daily');
    expect(rows).toEqual([{ facts: '0' }]);
    const shown = await reader.query('show statement_timeout');
    expect(shown.rows[0].statement_timeout).not.toBe('0');
    const [readOnly, denied] = ['25006', '42501'];
    expect(await refusal('select from landing.version')).toBe(denied);
    expect(await refusal('select from ledger.charge')).toBe(denied);
    expect(await refusal('select from reference.rate')).toBe(denied);
    expect(await refusal('select from notify.outbox')).toBe(denied);
    expect(await refusal('delete from mart.fct_cost_daily')).toBe(readOnly);
    await reader.query('set default_transaction_read_only = off');
    expect(await refusal('delete from mart.fct_cost_daily')).toBe(denied);
    expect(await refusal('create table mart.mine (id int)')).toBe(denied);
  });
});

test('of all relations of the warehouse the reader may read those of the marts, and change none', async () => {
  const { pool } = await testDatabase();
  const { rows } = await pool.query<{ schema: string; reads: boolean; writes: boolean }>(
    `select
       relnamespace::regnamespace::text as schema,
       has_schema_privilege('meterhouse_reader', relnamespace, 'usage')
         and has_table_privilege('meterhouse_reader', oid, 'select') as reads,
       has_table_privilege('meterhouse_reader', oid, 'insert, update, delete, truncate') as writes
     from pg_class
     where relkind in ('r', 'v', 'm', 'p') and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'`,
  );
  const readable = new Set(rows.filter(({ reads }) => reads).map(({ schema }) => schema));
  expect(readable).toEqual(new Set(['mart']));
  expect(rows.filter(({ schema, reads }) => schema === 'mart' && !reads)).toEqual([]);
  expect(rows.filter(({ writes }) => writes)).toEqual([]);
  const schemas = new Set(rows.map(({ schema }) => schema));
  for (const closed of [
    'landing',
    'staging',
    'intermediate',
    'ledger',
    'reference',
    'history',
    'notify',
  ]) {
    expect(schemas).toContain(closed);
  }
});

test('the server is told what it would keep itself: the example of RFC 7677', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  expect(scramVerifier('pencil', salt)).toBe(
    `SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$` +
      `WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=`,
  );
});

test('the password comes from the environment, and only in characters that travel well', () => {
  const defectsOf = (text: string, environment: Record<string, string>): string[] => {
    try {
      parseConfiguration(text, 'meterhouse.yaml', environment);
      return [];
    } catch (error) {
      return (error as { defects: string[] }).defects;
    }
  };
  expect(defectsOf(configurationText(VARIABLE), { READER_PASSWORD: PASSWORD })).toEqual([]);
  expect(defectsOf(configurationText(PASSWORD), {})).toEqual([
    expect.stringMatching(/^database\.reader_password: expected .*, not the secret itself$/),
  ]);
  const [weak] = defectsOf(configurationText(VARIABLE), {
    READER_PASSWORD: 'dollar$dollar$dollar',
  });
  expect(weak).not.toContain('dollar$');
});

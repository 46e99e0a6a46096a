/**
 * Goal: SQL texts are put together by name, and what a query gives is bound by name. Method: files of
 * the product and queries written here, run on a real server.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindParameters } from '../../foundation/sql/bind-parameters.ts';
import { withSteps } from '../../foundation/sql/compose.ts';
import { sqlChain, sqlFile, sqlText } from '../../foundation/sql/sql-file.ts';
import { insertByName } from '../../foundation/sql/statements.ts';
import { inTransaction } from '../../foundation/sql/transaction.ts';
import { CHARGE_COLUMNS } from '../../transforms/ledger/expected-charges.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function values(text: string): Promise<unknown[]> {
  const { rows } = await database.pool.query<{ value: unknown }>(text);
  return rows.map(({ value }) => value);
}

test('a query reads its steps by their names, whatever it begins with', async () => {
  const steps = [
    { name: 'first', query: 'select 1 as value' },
    { name: 'second', query: 'select value + 1 as value from first', isMaterialized: true },
  ];
  expect(await values(withSteps(steps, 'select value from second'))).toEqual([2]);
  expect(
    await values(withSteps(steps, '-- With its own.\nwith third as (table second) table third')),
  ).toEqual([2]);
  const counted = `with recursive n as (
    select value from second union all select value + 1 from n where value < 4
  ) select value from n`;
  expect(await values(withSteps(steps, counted))).toEqual([2, 3, 4]);
});

test('a step can be a relation, and a statement that writes can have steps', async () => {
  const statement = withSteps(
    [{ name: 'known_cost', query: 'mart.fct_cost_daily' }],
    'delete from mart.accrual where account_id in (select account_id from known_cost) returning 1',
  );
  expect(await values(statement)).toEqual([]);
});

test('a file is given every input that it names, and no other', async () => {
  const file = 'transforms/allocation/placed';
  await expect(sqlText(file, { known_fact: 'mart.fct_cost_daily' })).rejects.toThrow(
    'placed.sql is not given its input known_ownership',
  );
  await expect(
    sqlText(file, { known_fact: 'a', known_ownership: 'b', known_team: 'c' }),
  ).rejects.toThrow('placed.sql has no input known_team');
  await expect(
    sqlChain([{ name: 'placed', file }], 'select * from placed', ['known_fact']),
  ).rejects.toThrow('no step known_ownership comes before transforms/allocation/placed.sql');
});

test('a parameter without a value is refused before anything runs', async () => {
  await expect(sqlFile('transforms/rollup/statement_cost')).rejects.toThrow(
    "no value for the SQL parameter :'month'",
  );
  expect(bindParameters("select :'a'::text, :'b', :'a'", { a: 1, b: 2 })).toEqual({
    text: 'select $1::text, $2, $1',
    values: [1, 2],
  });
});

test('a charge query whose money columns change places charges the same', async () => {
  const charges = await inTransaction(database.pool, async (connection) => {
    await connection.query((await sqlFile('transforms/ledger/create_product_charge')).text);
    const given = CHARGE_COLUMNS.split(',').map((column) => column.trim());
    const swapped = [...given.slice(0, 21), 'billed_cost', 'list_cost', ...given.slice(24)];
    const query = `select ${[...swapped, 'contracted_cost'].join(', ')} from (${CHARGE}) as charge`;
    await insertByName(connection, 'product_charge', CHARGE_COLUMNS, query);
    const { rows } = await connection.query(
      `select trim_scale(list_cost) as list, trim_scale(contracted_cost) as contracted,
         trim_scale(billed_cost) as billed
       from product_charge`,
    );
    return rows;
  });
  expect(charges).toEqual([{ list: '3', contracted: '2', billed: '1' }]);
});

test('a charge query that does not name a column is refused', async () => {
  const unnamed = CHARGE.replace('1 as billed_cost', '1');
  const inserted = inTransaction(database.pool, async (connection) => {
    await connection.query((await sqlFile('transforms/ledger/create_product_charge')).text);
    await insertByName(connection, 'product_charge', CHARGE_COLUMNS, unnamed);
  });
  await expect(inserted).rejects.toThrow('column "billed_cost" does not exist');
});

const CHARGE = `select
  'acme' as account_id, 'test' as provider, 'test/a' as charge_key, 'a' as resource_id,
  'hours' as meter, null::text as sku, null::text as region_id, date '2026-10-05' as charge_date,
  timestamptz '2026-10-05 00:00Z' as charge_period_start,
  timestamptz '2026-10-06 00:00Z' as charge_period_end, 'start' as day_rule,
  'Usage' as charge_category, 'Standard' as pricing_category, null::text as commitment_id,
  null::text as commitment_status, 24 as quantity, 'Hours' as unit, 24 as usage_hours,
  0 as gpu_hours, 0.125 as unit_price, 'rate:1' as price_source, 3 as list_cost,
  2 as contracted_cost, 1 as billed_cost, 1 as effective_cost, 'EUR' as billing_currency,
  'derived' as basis, 0 as uncertainty, array[1::bigint] as source_versions, true as is_settled`;

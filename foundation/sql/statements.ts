/** Runs SQL inside the caller's transaction. Every function returns how many rows were written. */
import type pg from 'pg';
import { type BoundStatement, bindParameters } from './bind-parameters.ts';
import { type Inputs, type Parameters, sqlFile } from './sql-file.ts';

export type { Parameters } from './sql-file.ts';

/** Runs a file: `transforms/ledger/post_charges`. */
export async function runStep(
  connection: pg.ClientBase,
  name: string,
  parameters: Parameters = {},
  inputs: Inputs = {},
): Promise<number> {
  return execute(connection, await sqlFile(name, { inputs, parameters }));
}

/** Runs one statement with psql-style parameters. */
export async function run(
  connection: pg.ClientBase,
  text: string,
  parameters: Parameters = {},
): Promise<number> {
  return execute(connection, bindParameters(text, parameters));
}

/**
 * Inserts what a query gives, column by column by name: the order in which it gives them does not
 * matter, and a column that it does not name is refused by the server. `columns` is a comma list.
 */
export async function insertByName(
  connection: pg.ClientBase,
  table: string,
  columns: string,
  query: string,
  parameters: Parameters = {},
): Promise<number> {
  return run(
    connection,
    `insert into ${table} (${columns})\nselect ${columns} from (\n${query}\n) as given`,
    parameters,
  );
}

/** Makes a temporary table of a query until the transaction ends, in the place of one of that name. */
export async function keepTemporary(
  connection: pg.ClientBase,
  table: string,
  query: string,
  parameters: Parameters = {},
): Promise<number> {
  await connection.query(`drop table if exists pg_temp.${table}`);
  return run(connection, `create temporary table ${table} on commit drop as\n${query}`, parameters);
}

async function execute(connection: pg.ClientBase, statement: BoundStatement): Promise<number> {
  const { rowCount } = await connection.query(statement);
  return rowCount ?? 0;
}

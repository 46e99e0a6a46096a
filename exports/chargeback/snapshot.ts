/** The one snapshot in which all files of a run are read, with its queries and their parameters. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { quoteParameters } from '../write-csv.ts';

/** Puts the relations that are to be read in place of the names that the queries use. */
export type Resolve = (text: string) => {
  readonly text: string;
  readonly parameters: Readonly<Record<string, string>>;
};

export class Snapshot {
  readonly connection: pg.PoolClient;
  readonly #resolve: Resolve;
  readonly #parameters: Readonly<Record<string, string>>;

  constructor(
    connection: pg.PoolClient,
    resolve: Resolve,
    parameters: Readonly<Record<string, string>>,
  ) {
    this.connection = connection;
    this.#resolve = resolve;
    this.#parameters = parameters;
  }

  /** The same snapshot with further parameters. */
  with(parameters: Readonly<Record<string, string>>): Snapshot {
    const all = { ...this.#parameters, ...parameters };
    return new Snapshot(this.connection, this.#resolve, all);
  }

  /** The text of `<name>.sql` of this folder, ready to be run. */
  async text(name: string): Promise<string> {
    const query = await readFile(path.join(import.meta.dirname, `${name}.sql`), 'utf8');
    const { text, parameters } = this.#resolve(query);
    return quoteParameters(this.connection, text, { ...this.#parameters, ...parameters });
  }

  async rows<Row extends pg.QueryResultRow>(name: string): Promise<Row[]> {
    const { rows } = await this.connection.query<Row>(await this.text(name));
    return rows;
  }

  /** Keeps a query's rows until the end of the transaction, as a temporary table. */
  async keep(table: string, name: string): Promise<void> {
    const query = await this.text(name);
    await this.connection.query(`create temporary table ${table} on commit drop as ${query}`);
  }
}

/**
 * Runs `read` in one repeatable-read transaction. After a failure the connection is dropped: it may
 * be in the middle of a COPY that nobody reads any more.
 */
export async function inSnapshot<Result>(
  pool: pg.Pool,
  read: (connection: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  let isDone = false;
  try {
    await connection.query('begin transaction isolation level repeatable read');
    const result = await read(connection);
    await connection.query('commit');
    isDone = true;
    return result;
  } finally {
    connection.release(!isDone);
  }
}

/** The one snapshot in which all files of an export are read, with its queries and their parameters. */
import type pg from 'pg';
import { bindParameters } from '../foundation/sql/bind-parameters.ts';
import { sqlText } from '../foundation/sql/sql-file.ts';
import { keepTemporary } from '../foundation/sql/statements.ts';

/** Gives a query the relations that it reads under names, and the values of their parameters. */
export type Resolve = (text: string) => {
  readonly text: string;
  readonly parameters: Readonly<Record<string, string>>;
};

export class Snapshot {
  readonly connection: pg.PoolClient;
  readonly #folder: string;
  readonly #resolve: Resolve;
  readonly #parameters: Readonly<Record<string, string>>;

  /** `folder` holds the queries: its path in the repository. */
  constructor(
    connection: pg.PoolClient,
    folder: string,
    parameters: Readonly<Record<string, string>>,
    resolve: Resolve = (text) => ({ text, parameters: {} }),
  ) {
    this.connection = connection;
    this.#folder = folder;
    this.#parameters = parameters;
    this.#resolve = resolve;
  }

  /** The same snapshot with further parameters. */
  with(parameters: Readonly<Record<string, string>>): Snapshot {
    const all = { ...this.#parameters, ...parameters };
    return new Snapshot(this.connection, this.#folder, all, this.#resolve);
  }

  async rows<Row extends pg.QueryResultRow>(name: string): Promise<Row[]> {
    const { text, parameters } = await this.#query(name);
    const { rows } = await this.connection.query<Row>(bindParameters(text, parameters));
    return rows;
  }

  /** Keeps a query's rows until the end of the transaction, as a temporary table. */
  async keep(table: string, name: string): Promise<void> {
    const { text, parameters } = await this.#query(name);
    await keepTemporary(this.connection, table, text, parameters);
  }

  async #query(name: string): Promise<ReturnType<Resolve>> {
    const { text, parameters } = this.#resolve(await sqlText(`${this.#folder}/${name}`));
    return { text, parameters: { ...this.#parameters, ...parameters } };
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

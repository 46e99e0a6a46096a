/**
 * Runs a statement over the rows of a temporary table, so that a row for which it fails stops no
 * other one: when the whole fails, its halves are tried, down to the rows that fail by themselves.
 */
import type pg from 'pg';

/** Rows of one run that are looked for one by one; beyond it the part that fails is set aside whole. */
const ATTEMPTS_MAX = 400;
/** Where no part works at all by then, the statement itself is broken: looking on would find nothing. */
const FRUITLESS_ATTEMPTS_MAX = 12;
/**
 * Classes of SQLSTATE that the data (or a product's SQL) brings about: the same again on the same rows.
 * A lost connection, a full disk, a deadlock or a cancelled statement are none of a row's business.
 */
const DATA_FAULT = /^(?:0A|20|21|22|23|2F|38|39|42|44|54|P0|MH)/;

export interface Fault {
  readonly sqlstate: string;
  readonly reason: string;
}

/** What the statement failed for: rows of the table by their number in it, from 1, both inclusive. */
interface FaultyRange extends Fault {
  readonly from: number;
  readonly to: number;
}

export interface Contained {
  /** A temporary table of the transaction; left as it was, save what `keepsFaulty` says. */
  readonly table: string;
  /** Its columns, a comma list. */
  readonly columns: string;
  /** Reads the table; may run several times, each time over a part of the rows. */
  readonly work: () => Promise<unknown>;
  /** True: rows that fail stay in the table. False: they are taken out of it. */
  readonly keepsFaulty: boolean;
}

/**
 * Fills the temporary table `faulty_row` (sqlstate, reason, and the table's columns) with the rows
 * for which the work failed, and returns how many there are. Throws errors that are not the data's.
 */
export async function contain(connection: pg.ClientBase, options: Contained): Promise<number> {
  const { table, columns, work, keepsFaulty } = options;
  const fault = await attempt(connection, work);
  if (fault === null) return 0;
  await connection.query(
    `create temporary table contained_row on commit drop as
     select row_number() over (order by ${columns}) as place, ${columns} from ${table}`,
  );
  const faults = await new Search(connection, options).run();
  await connection.query(`drop table if exists pg_temp.faulty_row`);
  await connection.query(
    `create temporary table faulty_row on commit drop as
     select fault.sqlstate, fault.reason, contained_row.*
     from jsonb_to_recordset($1) as fault (
       "from" integer, "to" integer, sqlstate text, reason text
     )
     join contained_row on contained_row.place between fault."from" and fault."to"`,
    [JSON.stringify(faults)],
  );
  await connection.query(`delete from ${table}`);
  await connection.query(
    `insert into ${table} (${columns}) select ${columns} from contained_row
     where $1 or place not in (select place from faulty_row)`,
    [keepsFaulty],
  );
  await connection.query('drop table contained_row');
  const { rows } = await connection.query<{ count: number }>(
    'select count(*) as count from faulty_row',
  );
  return rows[0]?.count ?? 0;
}

/** Why the work failed, with everything that it did undone; null when it did not. */
export async function attempt(
  connection: pg.ClientBase,
  work: () => Promise<unknown>,
): Promise<Fault | null> {
  await connection.query('savepoint contained');
  try {
    await work();
    await connection.query('release savepoint contained');
    return null;
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    await connection.query('rollback to savepoint contained');
    return fault;
  }
}

/** What the data, or the SQL, is to blame for in an error of the database; null for any other error. */
export function faultOf(error: unknown): Fault | null {
  const sqlstate = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!(error instanceof Error) || !DATA_FAULT.test(sqlstate)) return null;
  return { sqlstate, reason: error.message.replace(/\s+/g, ' ').slice(0, 500) };
}

class Search {
  readonly #connection: pg.ClientBase;
  readonly #options: Contained;
  readonly #faults: FaultyRange[] = [];
  #attempts = 0;
  #successes = 0;

  constructor(connection: pg.ClientBase, options: Contained) {
    this.#connection = connection;
    this.#options = options;
  }

  async run(): Promise<readonly FaultyRange[]> {
    const { rows } = await this.#connection.query<{ count: number }>(
      'select count(*) as count from contained_row',
    );
    const count = rows[0]?.count ?? 0;
    if (count > 0) await this.#try(1, count);
    return this.#faults;
  }

  async #try(from: number, to: number): Promise<void> {
    const { table, columns, work } = this.#options;
    await this.#connection.query(`delete from ${table}`);
    await this.#connection.query(
      `insert into ${table} (${columns}) select ${columns} from contained_row
       where place between $1 and $2`,
      [from, to],
    );
    this.#attempts += 1;
    const fault = await attempt(this.#connection, work);
    if (fault === null) {
      this.#successes += 1;
      return;
    }
    const isFruitless = this.#successes === 0 && this.#attempts >= FRUITLESS_ATTEMPTS_MAX;
    if (from === to || isFruitless || this.#attempts >= ATTEMPTS_MAX) {
      this.#faults.push({ ...fault, from, to });
      return;
    }
    const middle = Math.floor((from + to) / 2);
    await this.#try(from, middle);
    await this.#try(middle + 1, to);
  }
}

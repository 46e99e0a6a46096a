/** Runs a rendered dashboard's queries as Grafana would, as the role that Grafana logs in with. */
import type pg from 'pg';
import type { RenderedDashboard, RenderedPanel, Target } from '../../../dashboards/lib/grafana.ts';
import {
  expandMacros,
  interpolate,
  intervalSeconds,
  type TimeRange,
  type VariableValues,
} from './macros.ts';

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly kind: 'number' | 'time' | 'text' }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** How the reader's choices are made from a variable's options. */
export type Choose = (options: readonly string[]) => readonly string[];

export const ALL: Choose = (options) => options;
export const FIRST: Choose = (options) => options.slice(0, 1);
export const TWO: Choose = (options) => options.slice(0, 2);
export const QUOTED: Choose = () => [`O'Brien's "best" \\ team`];

const READER = 'meterhouse_reader';
const NUMBER_TYPES: readonly number[] = [20, 21, 23, 700, 701, 1700];
const TIME_TYPES: readonly number[] = [1082, 1114, 1184];

/** Runs `work` with only what the reader may do. */
export async function asReader<Result>(
  pool: pg.Pool,
  work: (connection: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  try {
    await connection.query(`set role ${READER}`);
    return await work(connection);
  } finally {
    await connection.query('reset role');
    connection.release();
  }
}

/** The variables' values, each query run with those before it: many choose by `choose`, one by its first. */
export async function chooseVariables(
  connection: pg.ClientBase,
  dashboard: RenderedDashboard,
  choose: Choose,
): Promise<VariableValues> {
  const values: Record<string, string | readonly string[]> = {};
  for (const variable of dashboard.templating.list) {
    if (variable.type !== 'query') {
      values[variable.name] = variable.current.value;
      continue;
    }
    const options = await optionsOf(connection, interpolate(variable.query, values));
    if (variable.multi === true) values[variable.name] = choose(options);
    else if (variable.hide === 0 && choose === QUOTED) values[variable.name] = QUOTED([]);
    else values[variable.name] = chosenOf(variable.current.value, options);
  }
  return values;
}

/** What stands in the dashboard where it is an option, else the first one, as Grafana does. */
function chosenOf(current: string | readonly string[], options: readonly string[]): string {
  return typeof current === 'string' && options.includes(current) ? current : (options[0] ?? '');
}

async function optionsOf(connection: pg.ClientBase, sql: string): Promise<string[]> {
  const { fields, rows } = await connection.query<unknown[]>({ text: sql, rowMode: 'array' });
  const value = fields.findIndex((field) => field.name === '__value');
  return rows.map((row) => String(row[Math.max(value, 0)]));
}

/** One query of a panel. */
export async function ask(
  connection: pg.ClientBase,
  panel: RenderedPanel,
  target: Target,
  range: TimeRange,
  values: VariableValues,
): Promise<Answer> {
  const interval = intervalSeconds(range, panel.interval ?? '1m');
  const sql = expandMacros(interpolate(target.rawSql, values), range, interval);
  try {
    const { fields, rows } = await connection.query<unknown[]>({ text: sql, rowMode: 'array' });
    const columns = fields.map(({ name, dataTypeID }) => ({ name, kind: kindOf(dataTypeID) }));
    return { columns, rows };
  } catch (error) {
    throw new Error(`${panel.title}: ${error instanceof Error ? error.message : error}\n${sql}`);
  }
}

function kindOf(typeId: number): Answer['columns'][number]['kind'] {
  if (NUMBER_TYPES.includes(typeId)) return 'number';
  return TIME_TYPES.includes(typeId) ? 'time' : 'text';
}

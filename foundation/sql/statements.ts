/** Statements of the transform, as files and as texts. */
import type pg from 'pg';
import { bindParameters } from './bind-parameters.ts';
import { readStep } from './read-step.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** Runs one of the transform's steps; returns how many rows it wrote. */
export async function runStep(
  connection: pg.ClientBase,
  name: string,
  parameters: Parameters,
): Promise<number> {
  return run(connection, await readStep(name), parameters);
}

/** Runs one statement with psql-style parameters; returns how many rows it wrote. */
export async function run(
  connection: pg.ClientBase,
  text: string,
  parameters: Parameters,
): Promise<number> {
  const { rowCount } = await connection.query(bindParameters(text, parameters));
  return rowCount ?? 0;
}

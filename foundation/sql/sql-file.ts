/**
 * The one way to read, compose and bind SQL that stands in a file. A file says in its head which
 * relations it is given:
 *
 *     -- Input known_fact: daily facts.
 *     -- Input known_team (reference.team): teams in force.
 *
 * The body reads an input by its name. What is given in its place (or else the relation in
 * brackets) becomes a common table expression of that name. Parameters are psql-style (`:'now'`)
 * and bound.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BoundStatement, bindParameters } from './bind-parameters.ts';
import { type QueryStep, withSteps } from './compose.ts';

export type Parameters = Readonly<Record<string, unknown>>;
/** A query or the name of a relation, by the name of the input that it is given for. */
export type Inputs = Readonly<Record<string, string>>;

interface SqlSource {
  /** The relation to read when nothing is given, or null; by input. */
  readonly inputs: ReadonlyMap<string, string | null>;
  readonly body: string;
}

/** A step of a chain: a file that reads the steps before it, or a query. */
export interface FileStep extends Omit<QueryStep, 'query'> {
  readonly file: string;
}

const REPOSITORY = path.join(import.meta.dirname, '../..');
const INPUT = /^-- Input ([a-z_]+)(?: \(([a-z_.]+)\))?: /;
const sources = new Map<string, Promise<SqlSource>>();

/**
 * A file's statement, ready for the driver. `name` is its path in the repository without the ending.
 * Throws when an input or a parameter is missing, or an input is given that the file does not name.
 */
export async function sqlFile(
  name: string,
  use: { readonly inputs?: Inputs; readonly parameters?: Parameters } = {},
): Promise<BoundStatement> {
  return bindParameters(await sqlText(name, use.inputs), use.parameters ?? {});
}

/** The same before its parameters are bound, to be an input of another file. */
export async function sqlText(name: string, inputs: Inputs = {}): Promise<string> {
  const source = await readSource(name);
  for (const given of Object.keys(inputs)) {
    if (!source.inputs.has(given)) throw new Error(`${name}.sql has no input ${given}`);
  }
  const steps = [...source.inputs].map(([input, relation]): QueryStep => {
    const query = inputs[input] ?? relation;
    if (query === null) throw new Error(`${name}.sql is not given its input ${input}`);
    return { name: input, query };
  });
  return withSteps(steps, source.body);
}

/**
 * Several files as one query: each step is read by the later ones and by `result` under its name.
 * `given` names what the query around this one has as steps. Throws when a file has an input that
 * neither a step before it nor a default gives.
 */
export async function sqlChain(
  steps: readonly (QueryStep | FileStep)[],
  result: string,
  given: readonly string[] = [],
): Promise<string> {
  const chain: QueryStep[] = [];
  const known = new Set(given);
  for (const step of steps) {
    chain.push('file' in step ? { ...step, query: await textBehind(step.file, known) } : step);
    known.add(step.name);
  }
  return withSteps(chain, result);
}

/** The names of the inputs that a file declares. */
export async function inputsOf(name: string): Promise<string[]> {
  return [...(await readSource(name)).inputs.keys()];
}

async function textBehind(file: string, former: ReadonlySet<string>): Promise<string> {
  const { inputs, body } = await readSource(file);
  const missing: QueryStep[] = [];
  for (const [name, query] of inputs) {
    if (former.has(name)) continue;
    if (query === null) throw new Error(`no step ${name} comes before ${file}.sql`);
    missing.push({ name, query });
  }
  return withSteps(missing, body);
}

function readSource(name: string): Promise<SqlSource> {
  let source = sources.get(name);
  if (source === undefined) {
    source = readFile(path.join(REPOSITORY, `${name}.sql`), 'utf8').then(sourceOf);
    sources.set(name, source);
  }
  return source;
}

function sourceOf(text: string): SqlSource {
  const lines = text.trim().split('\n');
  const start = lines.findIndex((line) => !line.startsWith('--'));
  const inputs = new Map<string, string | null>();
  for (const line of lines.slice(0, start)) {
    const [, name, relation] = INPUT.exec(line) ?? [];
    if (name !== undefined) inputs.set(name, relation ?? null);
  }
  return { inputs, body: lines.slice(start).join('\n').replace(/;$/, '') };
}

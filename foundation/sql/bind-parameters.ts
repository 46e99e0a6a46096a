/**
 * Turns psql-style parameters (`:'now'`) into PostgreSQL's numbered ones, so that one file runs in
 * psql and here, bound and never spliced. The form cannot be confused with a `::cast`.
 */
const PARAMETER = /:'([a-z][a-z0-9_]*)'/g;

export interface BoundStatement {
  readonly text: string;
  readonly values: unknown[];
}

/** Throws when the text names a parameter that `parameters` lacks. */
export function bindParameters(
  text: string,
  parameters: Readonly<Record<string, unknown>>,
): BoundStatement {
  const values: unknown[] = [];
  const numbers = new Map<string, number>();
  const boundText = text.replace(PARAMETER, (_, name: string) => {
    if (!(name in parameters)) throw new Error(`no value for the SQL parameter :'${name}'`);
    let number = numbers.get(name);
    if (number === undefined) {
      number = values.push(parameters[name]);
      numbers.set(name, number);
    }
    return `$${number}`;
  });
  return { text: boundText, values };
}

/** Reads JSON without changing a digit of its numbers. */

/** A number as it was written. */
export class ExactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type Parsed =
  | null
  | boolean
  | string
  | ExactNumber
  | readonly Parsed[]
  | { readonly [name: string]: Parsed };

/** What TypeScript's library does not know yet: the reviver's third argument. */
type SourceReviver = (
  name: string,
  value: unknown,
  context: { readonly source?: string },
) => unknown;
interface ExactJson {
  parse(text: string, reviver: SourceReviver): unknown;
}

/** Throws SyntaxError for a text that is no JSON. */
export function parseExact(text: string): Parsed {
  return (JSON as unknown as ExactJson).parse(text, (_, value, { source }) =>
    typeof value === 'number' ? new ExactNumber(source ?? String(value)) : value,
  ) as Parsed;
}

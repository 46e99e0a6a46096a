/** Drops secret and personal fields from an answer before anything else sees it. */

/** What TypeScript's library does not know yet: the reviver's third argument and JSON.rawJSON. */
type SourceReviver = (
  this: unknown,
  name: string,
  value: unknown,
  context: { readonly source?: string },
) => unknown;
interface ExactJson {
  parse(text: string, reviver: SourceReviver): unknown;
  stringify(value: unknown): string;
  rawJSON(text: string): unknown;
}
const exactJson = JSON as unknown as ExactJson;

/** An ASCII character written as an escape: the one way to spell a field's name differently. */
const ESCAPED_ASCII = /\\u00[2-7]/;

/**
 * The JSON text without members of the given names, wherever in it they stand. Every number stays
 * as it was written. A text without any of the names comes back as it is. Throws SyntaxError when
 * a text that must be cut is not JSON.
 */
export function redactJson(text: string, fields: readonly string[]): string {
  const mayHoldField =
    fields.some((field) => text.includes(JSON.stringify(field))) ||
    (fields.length > 0 && ESCAPED_ASCII.test(text));
  if (!mayHoldField) return text;
  const dropped = new Set(fields);
  const body = exactJson.parse(text, function redactMember(name, value, { source }) {
    if (dropped.has(name) && !Array.isArray(this)) return undefined;
    return typeof value === 'number' && source !== undefined ? exactJson.rawJSON(source) : value;
  });
  return exactJson.stringify(body);
}

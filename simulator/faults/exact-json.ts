/** JSON that is changed and written again with every untouched number exactly as it was. */

/** Parses; numbers stay texts of their own kind, which `writeExactJson` writes as they stood. */
export function readExactJson(text: string): unknown {
  return JSON.parse(text, (_name, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined
      ? new ExactNumber(context.source)
      : value,
  );
}

export function writeExactJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    member instanceof ExactNumber ? rawJson(member.source) : member,
  );
}

/** A number of the document, by its digits. */
export class ExactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** Part of the language since ES2026; the compiler's library does not name it yet. */
function rawJson(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}

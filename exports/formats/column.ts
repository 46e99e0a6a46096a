/** The columns of an exported table: one declaration that every format reads. */

/**
 * What a column holds. `amount` and `quantity` are decimals with 9 places, `price` has 15, `product`
 * (of a price and a quantity, exactly) has 24; `integer` has 32 bits; an `instant` is in UTC.
 */
export type ColumnKind =
  | 'text'
  | 'integer'
  | 'boolean'
  | 'date'
  | 'instant'
  | 'amount'
  | 'quantity'
  | 'price'
  | 'product';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** One sentence for whoever reads the file. */
  readonly meaning?: string;
}

/** Decimal places of the kinds that are decimals. */
export const SCALES = { amount: 9, quantity: 9, price: 15, product: 24 } as const;

export function isDecimal(kind: ColumnKind): kind is keyof typeof SCALES {
  return kind in SCALES;
}

/**
 * Code points that make a spreadsheet read a cell as a formula when it begins with one: tab, line
 * feed, carriage return, `+`, `-`, `=`, `@` and the full-width forms of these four.
 */
const APOSTROPHE = 39;
const FORMULA_STARTS = [9, 10, 13, 43, 45, 61, 64, 0xff0b, 0xff0d, 0xff1d, 0xff20];

/**
 * An SQL expression for a text that no spreadsheet runs: led by one apostrophe more than it has. It is
 * taken back by dropping one apostrophe of those that lead such a text.
 */
export function defused(expression: string): string {
  const starts = FORMULA_STARTS.join(', ');
  // The first character alone settles nearly all texts, and at less cost than ltrim, which copies.
  const isDefused = `ascii(${expression}) in (${APOSTROPHE}, ${starts}) and ascii(ltrim(${expression}, '''')) in (${starts})`;
  return `case when ${isDefused} then '''' || ${expression} else ${expression} end`;
}

/** The text that `defused` made this one of; any other text is as it was. */
export function restored(text: string): string {
  const start = text.replace(/^'+/, '').codePointAt(0);
  const isDefused = start !== undefined && FORMULA_STARTS.includes(start);
  return isDefused ? text.replace(/^'/, '') : text;
}

/** The same for a text that is at hand. */
export function defusedText(text: string): string {
  const start = /[^']/u.exec(text)?.[0].codePointAt(0);
  return start !== undefined && FORMULA_STARTS.includes(start) ? `'${text}` : text;
}

/** How a CSV file is written, for whoever reads it with a spreadsheet in another language. */
export interface CsvForm {
  readonly decimalMark: '.' | ',';
  readonly separator: ',' | ';' | '\t';
  /** A byte order mark, by which Excel takes the file for UTF-8. */
  readonly hasByteOrderMark: boolean;
}

export const PLAIN_CSV: CsvForm = { decimalMark: '.', separator: ',', hasByteOrderMark: false };

/**
 * Select list for CSV: every decimal of a column has as many places, so that no reader takes a decimal
 * mark for one of thousands or guesses another type in a later row; texts that no spreadsheet runs.
 */
export function csvSelectList(columns: readonly Column[], form: CsvForm = PLAIN_CSV): string {
  return columns
    .map(({ name, kind }) => `${csvExpression(name, kind, form)} as ${name}`)
    .join(', ');
}

function csvExpression(name: string, kind: ColumnKind, { decimalMark }: CsvForm): string {
  if (isDecimal(kind)) {
    const fixed = `round(${name}, ${SCALES[kind]})`;
    return decimalMark === '.' ? fixed : `replace(${fixed}::text, '.', ',')`;
  }
  if (kind === 'boolean') return `${name}::text`;
  return kind === 'text' ? defused(name) : name;
}

/** An SQL expression for a row as a JSON object; decimals as texts, so that no reader rounds them. */
export function jsonExpression(columns: readonly Column[]): string {
  const members = columns.map(({ name, kind }) =>
    isDecimal(kind) ? `trim_scale(${name})::text as ${name}` : name,
  );
  return `(select row_to_json(member) from (select ${members.join(', ')}) as member)`;
}

/** Select list for binary COPY: each kind in the type that the decoder expects. */
export function binarySelectList(columns: readonly Column[]): string {
  return columns
    .map(({ name, kind }) => {
      if (isDecimal(kind)) return `"${name}"::numeric(38, ${SCALES[kind]})`;
      return `"${name}"::${kind === 'instant' ? 'timestamptz' : kind}`;
    })
    .join(', ');
}

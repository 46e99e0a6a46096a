/** How results look: aligned tables and small charts for people, one JSON document for machines. */

import { codeText, DIRECTION_MARKS } from '../foundation/direction-marks.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
}

/** Where results go; the tests read what was written. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
}

export const standardOutput: Output = {
  write: (text) => {
    process.stdout.write(text);
  },
  isTerminal: process.stdout.isTTY === true,
};

/** Control characters but line ends, and marks that turn the direction of what follows. */
const ACTING = new RegExp(`(?!\\n)[\\p{Cc}${DIRECTION_MARKS}]`, 'gu');

/** Foreign text as a terminal may be given it: what would act on the terminal is shown instead. */
export function shownText(text: string): string {
  return text.replace(ACTING, codeText);
}

/** An aligned table with a header line; columns two spaces apart. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) =>
    columns.map((column) => shownText(column.value(row)).replaceAll('\n', '\\n')),
  );
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) =>
        columns[index]?.align === 'right'
          ? text.padStart(widths[index] ?? 0)
          : text.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const header = line(columns.map((column) => column.title));
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return `${[header, rule, ...cells.map(line)].join('\n')}\n`;
}

/** An amount for people: grouped thousands, `places` decimals, rounded half up, from exact text. */
export function formatAmount(decimal: string, places = 2): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal);
  if (match === null) return decimal;
  const fraction = (match[3] ?? '').padEnd(places + 1, '0');
  const scaled = BigInt(`${match[2]}${fraction.slice(0, places)}`);
  const isUp = (fraction.codePointAt(places) ?? 48) >= 53; // '5'
  const digits = (scaled + (isUp ? 1n : 0n)).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = match[1] === '-' && /[1-9]/.test(digits) ? '-' : '';
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-places)}`;
}

const BARS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** One line of bars, one per value, the largest full height. For looking at, not for reading off. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values, 0);
  if (highest === 0) return ' '.repeat(values.length);
  return values
    .map((value) => BARS[Math.round((Math.max(value, 0) / highest) * (BARS.length - 1))])
    .join('');
}

/** One line per defect of the reference files, and what holds meanwhile; empty without one. */
export function refusedLines(defects: readonly string[]): string {
  if (defects.length === 0) return '';
  const lines = defects.map((defect) => `refused: ${defect}\n`).join('');
  return `${lines}The rows of the last valid files stay in force.\n`;
}

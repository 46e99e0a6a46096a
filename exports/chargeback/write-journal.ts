/** Writes the entries of the month in the form that a template asks for. It does no arithmetic. */
import { shownDirections } from '../../foundation/direction-marks.ts';
import { defusedText } from '../formats/column.ts';
import { FileOutput, type WrittenFile } from '../formats/file-output.ts';
import {
  AMOUNT_FIELDS,
  DATE_FIELDS,
  type EntryField,
  fill,
  type JournalTemplate,
} from './journal-template.ts';

/** A row of `entry_fields.sql`. */
export type EntryRow = Readonly<Record<EntryField, string>>;

type TableTemplate = Extract<JournalTemplate, { kind: 'table' }>;
type TextTemplate = Extract<JournalTemplate, { kind: 'text' }>;
type TableColumn = TableTemplate['columns'][number];
type Values = Readonly<Record<string, string>>;

/** Of the accounts in the configuration, which its check keeps free of what a journal reserves. */
const ACCOUNT_FIELDS: readonly string[] = ['ledger_account', 'settlement_account'];
const dates: readonly string[] = DATE_FIELDS;
const amounts: readonly string[] = AMOUNT_FIELDS;

/** `values` are the configuration's texts; `readTemplate` has seen that none is missing. */
export function writeJournal(
  template: JournalTemplate,
  values: Values,
  rows: readonly EntryRow[],
  file: string,
): Promise<WrittenFile> {
  const lines = rows.filter(
    ({ kind }) => template.lines === 'all' || (kind !== 'payable' && kind !== 'wallet'),
  );
  return FileOutput.writeFile(file, async (output) => {
    await output.writeText(
      template.kind === 'table'
        ? tableText(template, values, lines)
        : journalText(template, values, lines),
    );
    return lines.length;
  });
}

function tableText(template: TableTemplate, values: Values, rows: readonly EntryRow[]): string {
  const { separator, columns, line_end: end, byte_order_mark: hasMark } = template;
  const record = (cells: readonly string[]): string =>
    `${cells.map((cell) => quoted(cell, separator)).join(separator)}${end}`;
  const [first] = rows;
  const head =
    first === undefined
      ? []
      : template.head.map((text) => `${textOf(template, values, first, text)}${end}`);
  return [
    hasMark ? '\ufeff' : '',
    ...head,
    record(columns.map(({ name }) => name)),
    ...rows.map((row) => record(columns.map((column) => cellOf(template, values, row, column)))),
  ].join('');
}

function cellOf(
  template: TableTemplate,
  values: Values,
  row: EntryRow,
  { value, map, length_max: lengthMax }: TableColumn,
): string {
  const text = textOf(template, values, row, value).replace(/ +/g, ' ').trim();
  const shown = map?.[text] ?? text;
  const isAmount = amounts.some((name) => value === `{${name}}`);
  const cut = [...shown].slice(0, lengthMax).join('');
  return isAmount ? cut : defusedText(cut);
}

/** An entry's lines stand under its head, an empty line between two entries. */
function journalText(template: TextTemplate, values: Values, rows: readonly EntryRow[]): string {
  const texts: string[] = [];
  let former: EntryRow | undefined;
  for (const row of rows) {
    const put = (text: string): number => texts.push(textOf(template, values, row, text));
    if (former === undefined) for (const text of template.head) put(text);
    if (former?.document_number !== row.document_number) {
      texts.push('');
      put(template.entry);
    }
    put(template.line);
    former = row;
  }
  return texts.map((text) => `${text.trimEnd()}\n`).join('');
}

/** A text of the template with the row's fields and the configuration's values in it. */
function textOf(template: JournalTemplate, values: Values, row: EntryRow, text: string): string {
  return fill(text, (name, form = template.date) => {
    const value = row[name as EntryField];
    if (value === undefined) return values[name.slice('values.'.length)] ?? '';
    if (dates.includes(name)) return dayText(value, form);
    if (amounts.includes(name)) return value.replace('.', template.decimal_mark);
    return ACCOUNT_FIELDS.includes(name) ? value : nameText(value, template);
  });
}

function dayText(day: string, form: string): string {
  if (day === '') return '';
  const [year = '', month = '', date = ''] = day.split('-');
  return form
    .replace('YYYY', year)
    .replace('YY', year.slice(2))
    .replace('MM', month)
    .replace('DD', date);
}

/** One line, without the characters that have a meaning in the file. */
function nameText(value: string, template: JournalTemplate): string {
  const line = shownDirections(value.replace(/[\s\p{Cc}]+/gu, ' ').trim());
  if (template.kind === 'table') return line;
  return [...line]
    .map((character) => (template.reserved.includes(character) ? '-' : character))
    .join('');
}

function quoted(cell: string, separator: string): string {
  const needsQuotes = cell.includes(separator) || /["\r\n]|^\s|\s$/.test(cell);
  return needsQuotes ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * Turns a row of a Cost and Usage file into a record. Only what is needed to name the charge, and to know
 * that SQL can read it, is looked at here; the row is landed as it came, without its empty cells.
 */
import { hash } from 'node:crypto';
import { FileFault, type SourceRow } from '../files/csv-splitter.ts';
import type { ReadRow, RowReader, Tolerated } from '../files/file-records.ts';
import { type CellVerdict, instantMs, judgeCell } from './cell-kinds.ts';
import { FOCUS_COLUMNS, type FocusColumn, VOLATILE_COLUMNS, versionOf } from './columns.ts';
import { RESOURCE_MEMBER, resourceNamer } from './resource-of.ts';

const CELL_CHARACTERS_MAX = 65_536;
const QUOTED_CHARACTERS_MAX = 60;
/** Digits of SHA-256 that name a charge: 160 bits. */
const KEY_DIGITS = 40;
/** The values of a column that has no more of them are judged and written once. */
const REMEMBERED_MAX = 2_000;
const NUL = '\0';
const CUSTOM: FocusColumn = { kind: 'text' };

/** A cell as it is landed: `"Name":"value"` ('' without a value), and its part in the charge's name. */
interface ReadCell {
  readonly member: string;
  readonly identity: string;
  /** Of an instant. */
  readonly ms: number | null;
  readonly reason: string | null;
  readonly tolerated: string | null;
}

const EMPTY: ReadCell = { member: '', identity: '', ms: null, reason: null, tolerated: null };
const NULL_TEXT: ReadCell = { ...EMPTY, tolerated: 'the text NULL for an empty cell' };

/** Null for another dataset: it has no charge periods. Throws FileFault where a needed column is missing. */
export function focusRowReader(header: readonly string[]): RowReader | null {
  const names = header.map((name) => name.trim());
  if (!names.includes('ChargePeriodStart')) return null;
  const doubled = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (doubled !== undefined) throw new FileFault(`it has two columns ${quoted(doubled)}`);
  const missing = Object.entries(FOCUS_COLUMNS)
    .filter(([name, { isNeeded }]) => isNeeded && !names.includes(name))
    .map(([name]) => name);
  if (missing.length > 0) {
    throw new FileFault(
      `it has no column ${missing.join(', ')}, without which nothing can be charged`,
    );
  }
  return new FocusRowReader(names);
}

class FocusRowReader implements RowReader {
  readonly dialect: RowReader['dialect'];
  readonly unknownColumns: readonly string[];
  readonly #columns: readonly ReadColumn[];
  readonly #width: number;
  readonly #start: ReadColumn;
  readonly #end: ReadColumn;
  readonly #period: ReadColumn | undefined;
  readonly #resourceOf: (cells: readonly string[]) => string;
  readonly #tolerated = new Map<string, { rows: number; firstLine: number }>();

  constructor(names: readonly string[]) {
    const version = versionOf(names);
    this.#width = names.length;
    this.#resourceOf = resourceNamer(names);
    // In the order of their names: another order of columns makes no other payload.
    this.#columns = names
      .map((name, index) => ({ name, index }))
      .filter(({ name }) => declaredColumn(name) !== null)
      .sort(({ name }, { name: other }) => (name < other ? -1 : 1))
      .map(({ name, index }) => new ReadColumn(name, index));
    const column = (named: string): ReadColumn | undefined =>
      this.#columns.find(({ name }) => name === named);
    this.#start = column('ChargePeriodStart') ?? new ReadColumn('ChargePeriodStart', -1);
    this.#end = column('ChargePeriodEnd') ?? new ReadColumn('ChargePeriodEnd', -1);
    this.#period = column('BillingPeriodStart');
    this.unknownColumns = names.filter((name) => declaredColumn(name) === null).map(quoted);
    const missing = Object.entries(FOCUS_COLUMNS).flatMap(
      ([name, { isMandatory, since = '1.0' }]) =>
        isMandatory && since <= version && !names.includes(name) ? [name] : [],
    );
    this.dialect = { version, missing };
  }

  get tolerated(): ReadonlyMap<string, Tolerated> {
    return this.#tolerated;
  }

  read(row: SourceRow): ReadRow {
    const { line, cells } = row;
    const fault =
      row.fault ??
      (cells.length === this.#width ? null : `${cells.length} cells in place of ${this.#width}`);
    if (fault !== null) return { key: null, payload: unread(cells), reason: fault };
    let members = `"${RESOURCE_MEMBER}":${JSON.stringify(holdableText(this.#resourceOf(cells)))}`;
    let identity = '';
    let reasons = '';
    for (const column of this.#columns) {
      const cell = column.read(cells[column.index] ?? '');
      if (cell.member !== '') members += `,${cell.member}`;
      if (column.declared.isIdentity === true) identity += cell.identity + NUL;
      if (cell.reason !== null)
        reasons += `${reasons === '' ? '' : '; '}${column.name} ${cell.reason}`;
      if (cell.tolerated !== null) this.#tolerate(cell.tolerated, line);
    }
    const startMs = this.#start.read(cells[this.#start.index] ?? '').ms;
    const endMs = this.#end.read(cells[this.#end.index] ?? '').ms;
    if (startMs !== null && endMs !== null && endMs < startMs) {
      reasons += `${reasons === '' ? '' : '; '}ChargePeriodEnd is before ChargePeriodStart`;
    }
    const periodMs =
      this.#period?.read(cells[this.#period.index] ?? '').ms ?? monthStartMs(startMs);
    return {
      key: periodMs === null || startMs === null ? null : keyOf(periodMs, identity),
      payload: `{${members}}`,
      reason: reasons === '' ? null : reasons,
    };
  }

  #tolerate(what: string, line: number): void {
    const known = this.#tolerated.get(what);
    if (known === undefined) this.#tolerated.set(what, { rows: 1, firstLine: line });
    else known.rows += 1;
  }
}

/** One column of a file, with what was found of its values so far. */
class ReadColumn {
  readonly name: string;
  readonly index: number;
  readonly declared: FocusColumn;
  #remembered: Map<string, ReadCell> | null = new Map();
  #lastValue = '';
  #last: ReadCell;

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
    this.declared = declaredColumn(name) ?? CUSTOM;
    this.#last = this.#judge('');
  }

  read(value: string): ReadCell {
    if (value === this.#lastValue) return this.#last;
    const cell = this.#remembered?.get(value) ?? this.#learn(value);
    this.#lastValue = value;
    this.#last = cell;
    return cell;
  }

  #learn(value: string): ReadCell {
    const cell = this.#judge(value);
    this.#remembered?.set(value, cell);
    if (this.#remembered?.size === REMEMBERED_MAX) this.#remembered = null;
    return cell;
  }

  #judge(value: string): ReadCell {
    const { kind, isNeeded } = this.declared;
    if (value === '' || value === 'NULL' || value === 'null') {
      const empty = value === '' ? EMPTY : NULL_TEXT;
      return isNeeded === true ? { ...empty, reason: 'is empty' } : empty;
    }
    const { reason, tolerated } = verdictOf(kind, value);
    const ms = kind === 'instant' ? instantMs(value) : null;
    const kept = reason === null ? value : holdableText(value);
    return {
      member: `${JSON.stringify(this.name)}:${JSON.stringify(kept)}`,
      identity: ms === null ? kept : `${ms}`,
      ms,
      reason: reason === null ? null : `${quoted(value)} ${reason}`,
      tolerated,
    };
  }
}

function declaredColumn(name: string): FocusColumn | null {
  if (Object.hasOwn(FOCUS_COLUMNS, name)) return FOCUS_COLUMNS[name] ?? null;
  return name.startsWith('x_') && !VOLATILE_COLUMNS.has(name) ? CUSTOM : null;
}

function verdictOf(kind: FocusColumn['kind'], value: string): CellVerdict {
  if (value.length > CELL_CHARACTERS_MAX) {
    return { reason: `is longer than ${CELL_CHARACTERS_MAX} characters`, tolerated: null };
  }
  if (value.includes(NUL)) {
    return { reason: 'holds a character that PostgreSQL cannot hold', tolerated: null };
  }
  return judgeCell(kind, value);
}

/** `<first day of the billing period>/<digest of what names the charge>`. */
function keyOf(periodMs: number, identity: string): string {
  const period = new Date(periodMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
  return `${period}/${hash('sha256', identity).slice(0, KEY_DIGITS)}`;
}

function monthStartMs(atMs: number | null): number | null {
  if (atMs === null) return null;
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
}

/** The payload of a row that has no columns. */
function unread(cells: readonly string[]): string {
  return JSON.stringify({ cells: cells.map(holdableText) });
}

/** A text as PostgreSQL can hold it, for quarantine. */
function holdableText(value: string): string {
  return value
    .slice(0, CELL_CHARACTERS_MAX)
    .replaceAll(
      /\0|\p{Surrogate}/gu,
      (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

function quoted(value: string): string {
  const line = holdableText(value).replaceAll(/[\s\p{Cc}]+/gu, ' ');
  const short =
    line.length > QUOTED_CHARACTERS_MAX ? `${line.slice(0, QUOTED_CHARACTERS_MAX)}…` : line;
  return `"${short}"`;
}

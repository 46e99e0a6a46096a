/** One column of an Arrow record batch, filled from binary fields; its memory is used again. */
import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Int32,
  makeData,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import { type Column, isDecimal, SCALES } from './column.ts';
import { writeDecimal128 } from './decimal128.ts';

const PRECISION = 38;
const WORDS_PER_DECIMAL = 4;
/** PostgreSQL counts days from 2000-01-01, Arrow from 1970-01-01. */
const DAYS_1970_TO_2000 = 10_957;
/** Milliseconds from 1970, Arrow's first instant, to 2000, PostgreSQL's. */
const MS_1970_TO_2000 = 946_684_800_000n;
const TEXT_BYTES_FIRST = 65_536;
/** Below this many bytes a loop is faster than a call of `copy`. */
const SHORT_TEXT_BYTES = 24;

export interface ColumnBuilder {
  /** Puts a field's bytes into row `row`. */
  append(row: number, bytes: Buffer, start: number, length: number): void;
  appendNull(row: number): void;
  /** The first `rows` rows. Shares memory with the builder: use it before the next `append`. */
  data(rows: number): Data;
}

export function arrowField({ name, kind, meaning }: Column): Field {
  const metadata = meaning === undefined ? null : new Map([['meaning', meaning]]);
  return new Field(name, arrowType(kind), true, metadata);
}

function arrowType(kind: Column['kind']): DataType {
  if (isDecimal(kind)) return new Decimal(SCALES[kind], PRECISION);
  if (kind === 'integer') return new Int32();
  if (kind === 'date') return new DateDay();
  if (kind === 'boolean') return new Bool();
  if (kind === 'instant') return new TimestampMillisecond('UTC');
  return new Utf8();
}

export function columnBuilder({ kind }: Column, rowsMax: number): ColumnBuilder {
  if (isDecimal(kind)) return new DecimalBuilder(SCALES[kind], rowsMax);
  if (kind === 'integer') return new IntegerBuilder(new Int32(), 0, rowsMax);
  if (kind === 'date') return new IntegerBuilder(new DateDay(), DAYS_1970_TO_2000, rowsMax);
  if (kind === 'boolean') return new BooleanBuilder(rowsMax);
  if (kind === 'instant') return new InstantBuilder(rowsMax);
  return new TextBuilder(rowsMax);
}

/** Which rows are not null: a bit each. */
class Validity {
  readonly #bits: Uint8Array;
  #nulls = 0;

  constructor(rowsMax: number) {
    this.#bits = new Uint8Array(Math.ceil(rowsMax / 8)).fill(0xff);
  }

  setNull(row: number): void {
    this.#bits[row >> 3] = (this.#bits[row >> 3] ?? 0) & ~(1 << (row & 7));
    this.#nulls += 1;
  }

  /** What Arrow wants to know; begins anew. */
  take(): { nullCount: number; nullBitmap: Uint8Array | null } {
    const nullCount = this.#nulls;
    if (nullCount === 0) return { nullCount, nullBitmap: null };
    const nullBitmap = this.#bits.slice();
    this.#bits.fill(0xff);
    this.#nulls = 0;
    return { nullCount, nullBitmap };
  }
}

class DecimalBuilder implements ColumnBuilder {
  readonly #scale: number;
  readonly #words: Uint32Array;
  readonly #validity: Validity;

  constructor(scale: number, rowsMax: number) {
    this.#scale = scale;
    this.#words = new Uint32Array(rowsMax * WORDS_PER_DECIMAL);
    this.#validity = new Validity(rowsMax);
  }

  append(row: number, bytes: Buffer, start: number): void {
    writeDecimal128(bytes, start, this.#scale, this.#words, row * WORDS_PER_DECIMAL);
  }

  appendNull(row: number): void {
    this.#words.fill(0, row * WORDS_PER_DECIMAL, (row + 1) * WORDS_PER_DECIMAL);
    this.#validity.setNull(row);
  }

  data(rows: number): Data {
    const type = new Decimal(this.#scale, PRECISION);
    const data = this.#words.subarray(0, rows * WORDS_PER_DECIMAL);
    return makeData({ type, length: rows, data, ...this.#validity.take() });
  }
}

class IntegerBuilder implements ColumnBuilder {
  readonly #type: Int32 | DateDay;
  readonly #shift: number;
  readonly #values: Int32Array;
  readonly #validity: Validity;

  constructor(type: Int32 | DateDay, shift: number, rowsMax: number) {
    this.#type = type;
    this.#shift = shift;
    this.#values = new Int32Array(rowsMax);
    this.#validity = new Validity(rowsMax);
  }

  append(row: number, bytes: Buffer, start: number): void {
    this.#values[row] = bytes.readInt32BE(start) + this.#shift;
  }

  appendNull(row: number): void {
    this.#values[row] = 0;
    this.#validity.setNull(row);
  }

  data(rows: number): Data {
    const data = this.#values.subarray(0, rows);
    return makeData({ type: this.#type, length: rows, data, ...this.#validity.take() } as never);
  }
}

class InstantBuilder implements ColumnBuilder {
  readonly #values: BigInt64Array;
  readonly #validity: Validity;

  constructor(rowsMax: number) {
    this.#values = new BigInt64Array(rowsMax);
    this.#validity = new Validity(rowsMax);
  }

  /** PostgreSQL's are microseconds; a part of a millisecond is dropped. */
  append(row: number, bytes: Buffer, start: number): void {
    this.#values[row] = bytes.readBigInt64BE(start) / 1000n + MS_1970_TO_2000;
  }

  appendNull(row: number): void {
    this.#values[row] = 0n;
    this.#validity.setNull(row);
  }

  data(rows: number): Data {
    const type = new TimestampMillisecond('UTC');
    const data = this.#values.subarray(0, rows);
    return makeData({ type, length: rows, data, ...this.#validity.take() });
  }
}

class BooleanBuilder implements ColumnBuilder {
  readonly #bits: Uint8Array;
  readonly #validity: Validity;

  constructor(rowsMax: number) {
    this.#bits = new Uint8Array(Math.ceil(rowsMax / 8));
    this.#validity = new Validity(rowsMax);
  }

  append(row: number, bytes: Buffer, start: number): void {
    this.#set(row, bytes[start] === 1);
  }

  appendNull(row: number): void {
    this.#set(row, false);
    this.#validity.setNull(row);
  }

  data(rows: number): Data {
    const data = this.#bits.slice();
    return makeData({ type: new Bool(), length: rows, data, ...this.#validity.take() });
  }

  #set(row: number, value: boolean): void {
    const others = (this.#bits[row >> 3] ?? 0) & ~(1 << (row & 7));
    this.#bits[row >> 3] = others | (value ? 1 << (row & 7) : 0);
  }
}

class TextBuilder implements ColumnBuilder {
  readonly #offsets: Int32Array;
  readonly #validity: Validity;
  #bytes = new Uint8Array(TEXT_BYTES_FIRST);

  constructor(rowsMax: number) {
    this.#offsets = new Int32Array(rowsMax + 1);
    this.#validity = new Validity(rowsMax);
  }

  append(row: number, bytes: Buffer, start: number, length: number): void {
    const begin = this.#offsets[row] ?? 0;
    const end = begin + length;
    if (end > this.#bytes.length) this.#grow(end);
    if (length > SHORT_TEXT_BYTES) bytes.copy(this.#bytes, begin, start, start + length);
    else {
      const target = this.#bytes;
      for (let index = 0; index < length; index += 1) {
        target[begin + index] = bytes[start + index] ?? 0;
      }
    }
    this.#offsets[row + 1] = end;
  }

  appendNull(row: number): void {
    this.#offsets[row + 1] = this.#offsets[row] ?? 0;
    this.#validity.setNull(row);
  }

  data(rows: number): Data {
    return makeData({
      type: new Utf8(),
      length: rows,
      valueOffsets: this.#offsets.subarray(0, rows + 1),
      data: this.#bytes.subarray(0, this.#offsets[rows] ?? 0),
      ...this.#validity.take(),
    });
  }

  #grow(bytesNeeded: number): void {
    const larger = new Uint8Array(Math.max(bytesNeeded, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

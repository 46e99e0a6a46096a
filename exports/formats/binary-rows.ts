/** Rows of PostgreSQL's binary COPY, out of chunks that may break anywhere. */

/** Signature, flags and the length of a header extension (always 0). */
const HEADER_BYTES = 19;
const TRAILER = -1;

/** Give it chunks with `push`; after each, call `next` until it says that there is no whole row. */
export class BinaryRows {
  /** Where the fields of the current row are: it lies in `bytes` until the next `push`. */
  readonly starts: Int32Array;
  /** Their lengths in bytes; -1 is null. */
  readonly lengths: Int32Array;
  bytes: Buffer = Buffer.alloc(0);
  /** True when the trailer was read: without it the stream broke off. */
  isOver = false;
  #position = 0;
  #headerBytesLeft = HEADER_BYTES;

  constructor(columns: number) {
    this.starts = new Int32Array(columns);
    this.lengths = new Int32Array(columns);
  }

  push(chunk: Buffer): void {
    const rest = this.bytes.subarray(this.#position);
    this.bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    this.#position = Math.min(this.#headerBytesLeft, this.bytes.length);
    this.#headerBytesLeft -= this.#position;
  }

  /** Goes to the next whole row; false when there is none before the next `push`. */
  next(): boolean {
    const { bytes, starts, lengths } = this;
    if (this.isOver || this.#position + 2 > bytes.length) return false;
    const fields = bytes.readInt16BE(this.#position);
    if (fields === TRAILER) {
      this.isOver = true;
      return false;
    }
    if (fields !== starts.length) throw new Error(`a row has ${fields} fields`);
    let end = this.#position + 2;
    for (let field = 0; field < fields; field += 1) {
      if (end + 4 > bytes.length) return false;
      const length = bytes.readInt32BE(end);
      starts[field] = end + 4;
      lengths[field] = length;
      end += 4 + Math.max(length, 0);
    }
    if (end > bytes.length) return false;
    this.#position = end;
    return true;
  }
}

/** Text in UTF-8 on its way to a file that people open: marks of direction become their codes. */
import { shownDirections } from '../../foundation/direction-marks.ts';

/** Bytes that the marks begin with; few chunks have any, and the others pass as they are. */
const FIRST_BYTES = [0xd8, 0xe2];

export class ShownBytes {
  /** The beginning of a character whose end comes with the next chunk. */
  #rest: Buffer = Buffer.alloc(0);

  pass(chunk: Buffer): Buffer {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = wholeCharacters(bytes);
    this.#rest = Buffer.from(bytes.subarray(end));
    const whole = bytes.subarray(0, end);
    if (!FIRST_BYTES.some((byte) => whole.includes(byte))) return whole;
    return Buffer.from(shownDirections(whole.toString('utf8')));
  }
}

/** How many bytes there are up to a character that is cut off. */
function wholeCharacters(bytes: Buffer): number {
  for (let at = bytes.length - 1; at >= Math.max(bytes.length - 3, 0); at -= 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return at + length > bytes.length ? at : bytes.length;
  }
  return bytes.length;
}

/**
 * Makes an answer's text fit for PostgreSQL before anything else reads it: what jsonb cannot hold is
 * written as a text that it can, in the same place, and is named, so that one record is set aside
 * and its neighbours land. Also measures the text, so that nothing is parsed that would not fit into
 * memory. A text that is no JSON passes through: the parser says so.
 */

/** Sizes of one answer, all of them set. */
export interface PageLimits {
  /** Members and elements of all levels, counted by commas and opening brackets. */
  readonly valuesMax: number;
  /** Objects and lists within each other; what is deeper is cut out. */
  readonly depthMax: number;
}

/** One value, or name of a member, that PostgreSQL cannot hold. */
export interface Unholdable {
  /** Names of members and 0-based places in lists, from the answer's root. */
  readonly path: readonly string[];
  /** What is wrong with it; quotes no data. */
  readonly reason: string;
}

export interface HoldableText {
  readonly text: string;
  readonly unholdable: readonly Unholdable[];
}

/** The answer holds more values than the limit. */
export class TooManyValues extends Error {}

/** More digits, before or after the point, have no meaning and cost memory in every cast. */
const NUMBER_DIGITS_MAX = 1_000;
/** A number up to this long without an exponent is one that numeric holds. */
const PLAIN_NUMBER_CHARACTERS_MAX = 64;
/** U+0000, or half a surrogate pair as JSON can escape it; whole pairs are sorted out later. */
const DOUBTFUL_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Throws TooManyValues. */
export function holdable(text: string, limits: PageLimits): HoldableText {
  const { isDoubtful } = measure(text, limits);
  if (!isDoubtful && !DOUBTFUL_ESCAPE.test(text)) return { text, unholdable: [] };
  return new Rewriter(text, limits.depthMax).rewrite();
}

/** One pass over the text without keeping anything of it. */
function measure(text: string, { valuesMax, depthMax }: PageLimits): { isDoubtful: boolean } {
  let depth = 0;
  let values = 0;
  let isDoubtful = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at) - 1;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1;
      values += 1;
      if (depth > depthMax) isDoubtful = true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth -= 1;
    } else if (code === COMMA) {
      values += 1;
    } else if (isNumberStart(code)) {
      const end = endOfNumber(text, at);
      if (!isPlainNumber(text, at, end)) isDoubtful = true;
      at = end - 1;
    }
    if (values > valuesMax) throw new TooManyValues();
  }
  return { isDoubtful };
}

/** The position after the closing quote of the string that starts here, or the text's end. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isNumberStart(code: number): boolean {
  return code === MINUS || isDigit(code);
}

/** The position after the number (or what looks like one) that starts here. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    const isPart = isDigit(code) || code === 0x2e || code === 0x2b || code === MINUS;
    if (!isPart && code !== 0x65 && code !== 0x45) break;
  }
  return end;
}

function isPlainNumber(text: string, start: number, end: number): boolean {
  if (end - start > PLAIN_NUMBER_CHARACTERS_MAX) return false;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x65 || code === 0x45) return false;
  }
  return true;
}

interface Frame {
  readonly isList: boolean;
  /** Of the element at hand. */
  index: number;
  /** Of the member at hand. */
  name: string;
  isNameNext: boolean;
}

/** The slow pass, for texts that hold something doubtful: follows the path, replaces in place. */
class Rewriter {
  readonly #text: string;
  readonly #depthMax: number;
  readonly #frames: Frame[] = [];
  readonly #pieces: string[] = [];
  readonly #unholdable: Unholdable[] = [];
  #copiedTo = 0;

  constructor(text: string, depthMax: number) {
    this.#text = text;
    this.#depthMax = depthMax;
  }

  rewrite(): HoldableText {
    for (let at = 0; at < this.#text.length; ) at = this.#step(at);
    this.#pieces.push(this.#text.slice(this.#copiedTo));
    return { text: this.#pieces.join(''), unholdable: this.#unholdable };
  }

  /** Reads what starts here. Returns the position after it. */
  #step(at: number): number {
    const code = this.#text.charCodeAt(at);
    const frame = this.#frames.at(-1);
    if (code === QUOTE) return this.#string(at, frame);
    if (isNumberStart(code)) return this.#number(at);
    if (code === OPEN_LIST || code === OPEN_OBJECT) return this.#open(at, code === OPEN_LIST);
    if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      this.#frames.pop();
    } else if (code === COMMA && frame !== undefined) {
      frame.index += 1;
      frame.isNameNext = !frame.isList;
    } else if (code === COLON && frame !== undefined) {
      frame.isNameNext = false;
    }
    return at + 1;
  }

  #string(start: number, frame: Frame | undefined): number {
    const end = endOfString(this.#text, start);
    const isName = frame?.isNameNext === true;
    const written = this.#text.slice(start, end);
    if (!isName && !DOUBTFUL_ESCAPE.test(written)) return end;
    const value = stringOf(written);
    const kept = shown(value);
    if (isName) frame.name = kept;
    if (kept !== value) {
      const what = value.includes('\0') ? 'the character U+0000' : 'half a surrogate pair';
      this.#replace(start, end, kept, `holds ${what}, which PostgreSQL cannot hold`);
    }
    return end;
  }

  #number(start: number): number {
    const end = endOfNumber(this.#text, start);
    if (isPlainNumber(this.#text, start, end)) return end;
    const written = this.#text.slice(start, end);
    const exponent = Math.abs(Number(/[eE](.+)$/.exec(written)?.[1] ?? 0));
    if (written.length <= NUMBER_DIGITS_MAX && exponent <= NUMBER_DIGITS_MAX) return end;
    const kept = written.slice(0, PLAIN_NUMBER_CHARACTERS_MAX);
    this.#replace(start, end, kept, `a number of more than ${NUMBER_DIGITS_MAX} digits`);
    return end;
  }

  #open(start: number, isList: boolean): number {
    if (this.#frames.length < this.#depthMax) {
      this.#frames.push({ isList, index: 0, name: '', isNameNext: !isList });
      return start + 1;
    }
    let depth = 0;
    let end = start;
    for (; end < this.#text.length; end += 1) {
      const code = this.#text.charCodeAt(end);
      if (code === QUOTE) end = endOfString(this.#text, end) - 1;
      else if (code === OPEN_LIST || code === OPEN_OBJECT) depth += 1;
      else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
      if (depth === 0) break;
    }
    // Not kept: secrets are looked for by name, and nobody goes through it.
    this.#replace(start, end + 1, '', `nested deeper than ${this.#depthMax} levels`);
    return end + 1;
  }

  #replace(start: number, end: number, kept: string, reason: string): void {
    this.#pieces.push(this.#text.slice(this.#copiedTo, start), JSON.stringify(kept));
    this.#copiedTo = end;
    const path = this.#frames.map(({ isList, index, name }) => (isList ? `${index}` : name));
    this.#unholdable.push({ path, reason });
  }
}

function stringOf(written: string): string {
  try {
    return String(JSON.parse(written));
  } catch {
    return written; // the text is no JSON, as its parser will say
  }
}

/** The text with what PostgreSQL cannot hold written as its escape. */
function shown(value: string): string {
  return value
    .replaceAll('\0', '\\u0000')
    .replaceAll(LONE_SURROGATE, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

/**
 * Splits comma-separated text into records of cells, as it comes in pieces. Written for files of millions of
 * rows: runs of text are found by `indexOf`, never looked at letter by letter.
 */

/** One record of a file; `line` is the 1-based line that it begins on. */
export interface SourceRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** What is wrong with the record as a whole, or null. */
  readonly fault: string | null;
}

/** A file that cannot be read on: cut, unreadable or beyond a limit. The message follows the file's name. */
export class FileFault extends Error {}

const QUOTE = 34;
const CARRIAGE_RETURN = 13;

export class CsvSplitter {
  readonly #recordCharactersMax: number;
  #text = '';
  #line = 1;

  constructor(recordCharactersMax: number) {
    this.#recordCharactersMax = recordCharactersMax;
  }

  /** Returns the records that the text completes. Throws FileFault for a record beyond the limit. */
  push(text: string): SourceRow[] {
    this.#text = this.#text === '' ? text : this.#text + text;
    const rows = this.#split(false);
    if (this.#text.length > this.#recordCharactersMax) {
      throw new FileFault(
        `line ${this.#line}: a record of more than ${this.#recordCharactersMax} characters, or a quote that is not closed`,
      );
    }
    return rows;
  }

  /** Returns the last record, which may end without a line break. Throws FileFault for an open quote. */
  end(): SourceRow[] {
    const rows = this.#split(true);
    if (this.#text !== '') {
      throw new FileFault(`line ${this.#line}: a quote that is not closed: the file is cut`);
    }
    return rows;
  }

  #split(isEnd: boolean): SourceRow[] {
    const rows: SourceRow[] = [];
    let start = 0;
    while (start < this.#text.length) {
      const record = readRecord(this.#text, start, isEnd);
      if (record === null) break;
      const { cells, next, lines, fault } = record;
      if (cells.length > 1 || cells[0] !== '') rows.push({ line: this.#line, cells, fault });
      this.#line += lines;
      start = next;
    }
    this.#text = this.#text.slice(start);
    return rows;
  }
}

interface ReadRecord {
  readonly cells: string[];
  /** Where the next record begins. */
  readonly next: number;
  readonly lines: number;
  readonly fault: string | null;
}

/** The record that begins at `start`, or null when its end has not come yet. */
function readRecord(text: string, start: number, isEnd: boolean): ReadRecord | null {
  const cells: string[] = [];
  let lines = 1;
  let fault: string | null = null;
  let at = start;
  let lineEnd = endOfLine(text, start, isEnd);
  for (;;) {
    if (text.charCodeAt(at) === QUOTE) {
      const quoted = readQuoted(text, at);
      if (quoted === null) return null;
      lines += countLines(quoted.cell);
      cells.push(quoted.cell);
      at = quoted.next;
      if (lineEnd < at) lineEnd = endOfLine(text, at, isEnd);
      if (lineEnd < 0) return null;
      const stop = endOfCell(text, at, lineEnd);
      if (stop > at && text.slice(at, stop).trim() !== '') {
        fault = `text follows a closing quote in cell ${cells.length}`;
      }
      at = stop;
    } else {
      if (lineEnd < 0) return null;
      const stop = endOfCell(text, at, lineEnd);
      cells.push(text.slice(at, stop));
      at = stop;
    }
    if (at < lineEnd && text[at] === ',') at += 1;
    else break;
  }
  return { cells, next: nextLine(text, lineEnd), lines, fault };
}

/** Where the line ends that holds `from`, or -1 while that is not known. */
function endOfLine(text: string, from: number, isEnd: boolean): number {
  const feed = text.indexOf('\n', from);
  if (feed < 0) return isEnd ? text.length : -1;
  return feed > from && text.charCodeAt(feed - 1) === CARRIAGE_RETURN ? feed - 1 : feed;
}

function nextLine(text: string, lineEnd: number): number {
  const isReturn = text.charCodeAt(lineEnd) === CARRIAGE_RETURN;
  return lineEnd + (isReturn ? 2 : 1);
}

function endOfCell(text: string, from: number, lineEnd: number): number {
  const comma = text.indexOf(',', from);
  return comma < 0 || comma > lineEnd ? lineEnd : comma;
}

/** The quoted cell at `at`, its doubled quotes undone, or null while its closing quote has not come. */
function readQuoted(text: string, at: number): { cell: string; next: number } | null {
  let close = text.indexOf('"', at + 1);
  let isDoubled = false;
  while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) {
    isDoubled = true;
    close = text.indexOf('"', close + 2);
  }
  if (close < 0) return null;
  const raw = text.slice(at + 1, close);
  return { cell: isDoubled ? raw.replaceAll('""', '"') : raw, next: close + 1 };
}

function countLines(cell: string): number {
  let lines = 0;
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

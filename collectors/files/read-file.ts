/** Reads a file of rows, whatever it is packed in: plain CSV, gzip, Parquet, told apart by its first bytes. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { errorCode } from '../http/faults.ts';
import { CsvSplitter, FileFault, type SourceRow } from './csv-splitter.ts';
import type { FileLimits } from './file-source.ts';
import { readParquet } from './read-parquet.ts';

const BYTES_AT_ONCE = 1024 * 1024;
const NO_UTF_8 = 'it is no text in UTF-8';

/** A file's columns, and its rows in batches. Iterating throws FileFault where it cannot be read on. */
export interface FileRows {
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<readonly SourceRow[]>;
}

/** Throws FileFault for a file that is none of these, empty, or beyond the limits. */
export async function readFileRows(file: string, limits: FileLimits): Promise<FileRows> {
  const head = await readHead(file);
  if (head.length === 0) throw new FileFault('it is empty');
  if (head.toString('latin1') === 'PAR1') return readParquet(file, limits);
  if (head[0] === 0xff && head[1] === 0xfe) throw new FileFault(NO_UTF_8);
  if (head[0] === 0xfe && head[1] === 0xff) throw new FileFault(NO_UTF_8);
  return csvRows(file, head[0] === 0x1f && head[1] === 0x8b, limits);
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function csvRows(file: string, isGzip: boolean, limits: FileLimits): Promise<FileRows> {
  const batches = splitBatches(file, isGzip, limits);
  // A batch may be empty while the header is longer than a piece of the file.
  for (;;) {
    const { value, done } = await batches.next();
    if (done === true) throw new FileFault('it has no header line');
    const [header, ...rest] = value;
    if (header === undefined) continue;
    const fault = headerFault(header.cells, limits);
    if (fault !== null) {
      await batches.return(undefined);
      throw new FileFault(fault);
    }
    return { columns: header.cells, rows: followedBy(rest, batches) };
  }
}

function headerFault(columns: readonly string[], { columnsMax }: FileLimits): string | null {
  if (columns.some((name) => name.includes('\0'))) return NO_UTF_8;
  return columns.length > columnsMax ? `it has more than ${columnsMax} columns` : null;
}

async function* followedBy(
  first: readonly SourceRow[],
  rest: AsyncIterable<readonly SourceRow[]>,
): AsyncGenerator<readonly SourceRow[]> {
  yield first;
  yield* rest;
}

async function* splitBatches(
  file: string,
  isGzip: boolean,
  limits: FileLimits,
): AsyncGenerator<readonly SourceRow[]> {
  const splitter = new CsvSplitter(limits.recordCharactersMax);
  const decoder = new TextDecoder(); // drops a byte order mark
  const bytes = createReadStream(file, { highWaterMark: BYTES_AT_ONCE });
  const text = isGzip ? bytes.pipe(createGunzip({ chunkSize: BYTES_AT_ONCE })) : bytes;
  if (isGzip) bytes.on('error', (error) => text.destroy(error));
  let read = 0;
  try {
    for await (const piece of text as AsyncIterable<Buffer>) {
      read += piece.length;
      if (read > limits.textBytesMax) {
        throw new FileFault(`it holds more than ${limits.textBytesMax} bytes of text`);
      }
      yield splitter.push(decoder.decode(piece, { stream: true }));
    }
    yield splitter.push(decoder.decode());
    yield splitter.end();
  } catch (error) {
    const code = errorCode(error);
    if (code?.startsWith('Z_') === true) throw new FileFault(`its gzip is cut or broken (${code})`);
    throw error;
  } finally {
    bytes.destroy();
    text.destroy();
  }
}

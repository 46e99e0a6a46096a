/** Writes a query's rows to a CSV file that appears complete or not at all. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** What a written file holds. */
export interface WrittenFile {
  readonly file: string;
  /** Data rows, without the header line. */
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The text with its psql-style parameters (`:'month'`) as quoted literals: COPY takes no others. */
export function quoteParameters(
  connection: pg.ClientBase,
  text: string,
  parameters: Readonly<Record<string, string>>,
): string {
  return text.replace(/:'([a-z_]+)'/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`no value for the SQL parameter :'${name}'`);
    return connection.escapeLiteral(value);
  });
}

export async function writeCsv(
  connection: pg.ClientBase,
  query: string,
  parameters: Readonly<Record<string, string>>,
  file: string,
): Promise<WrittenFile> {
  const select = quoteParameters(connection, query, parameters);
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.part`;
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  try {
    const source = connection.query(copyTo(`copy (${select}) to stdout with (format csv, header)`));
    await pipeline(source, measure, createWriteStream(draft));
    await rename(draft, file);
    return { file, rows: source.rowCount, bytes, sha256: hash.digest('hex') };
  } finally {
    await rm(draft, { force: true });
  }
}

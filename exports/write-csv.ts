/** Writes a query's rows to a CSV file that appears complete or not at all. */
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { FileOutput, type WrittenFile } from './file-output.ts';

export type { WrittenFile } from './file-output.ts';

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
  try {
    const written = await FileOutput.writeFile(draft, async (output) => {
      const text = `copy (${select}) to stdout with (format csv, header)`;
      const source = connection.query(copyTo(text));
      for await (const chunk of source as AsyncIterable<Buffer>) await output.write(chunk);
      return source.rowCount;
    });
    await rename(draft, file);
    return { ...written, file };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Writes a query's rows as CSV with a header, at the speed of COPY. */
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type CsvForm, PLAIN_CSV } from './column.ts';
import { FileOutput, type WrittenFile } from './file-output.ts';
import { ShownBytes } from './shown-bytes.ts';

/**
 * The query has no parameters: COPY takes none. `quoted` names columns whose values are always in
 * quotes, so that an id of digits stays a text.
 */
export function writeCsv(
  connection: pg.ClientBase,
  query: string,
  file: string,
  { quoted = [], form = PLAIN_CSV }: { quoted?: readonly string[]; form?: CsvForm } = {},
): Promise<WrittenFile> {
  return FileOutput.writeFile(file, async (output) => {
    const names = quoted.map((name) => `"${name}"`).join(', ');
    const force = quoted.length === 0 ? '' : `, force_quote (${names})`;
    const source = connection.query(
      copyTo(
        `copy (${query}) to stdout with (format csv, header, delimiter '${form.separator}'${force})`,
      ),
    );
    if (form.hasByteOrderMark) await output.writeText('\ufeff');
    const shown = new ShownBytes();
    for await (const chunk of source as AsyncIterable<Buffer>) {
      await output.write(shown.pass(chunk));
    }
    return source.rowCount;
  });
}

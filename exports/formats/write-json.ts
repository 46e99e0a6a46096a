/** Writes a JSON document whose last member is a long array: a query's rows, streamed. */
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type Column, jsonExpression } from './column.ts';
import { FileOutput, type WrittenFile } from './file-output.ts';

/**
 * Characters that JSON writes as escapes, so that no row has them: with them as quote and delimiter
 * COPY changes nothing in a row.
 */
const ONE_FIELD_PER_LINE = `format csv, quote E'\\x01', delimiter E'\\x02'`;

/** The member that is streamed. */
export interface JsonRows {
  readonly name: string;
  readonly columns: readonly Column[];
  /** As in `recordBatches`. */
  readonly from: string;
  /** An SQL condition that holds for the first row only. */
  readonly isFirst: string;
}

/** `head` is an object with at least one member. */
export function writeJson(
  connection: pg.ClientBase,
  head: Readonly<Record<string, unknown>>,
  rows: JsonRows,
  file: string,
): Promise<WrittenFile> {
  return FileOutput.writeFile(file, async (output) => {
    const opening = JSON.stringify(head, null, 2).replace(/\n}$/, '');
    await output.writeText(`${opening},\n  ${JSON.stringify(rows.name)}: [\n`);
    const row = `case when ${rows.isFirst} then '' else ',' end || ${jsonExpression(rows.columns)}`;
    const source = connection.query(
      copyTo(`copy (select ${row} ${rows.from}) to stdout with (${ONE_FIELD_PER_LINE})`),
    );
    for await (const chunk of source as AsyncIterable<Buffer>) await output.write(chunk);
    await output.writeText(']\n}\n');
    return source.rowCount;
  });
}

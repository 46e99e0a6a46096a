/**
 * Lands the rows of one delivery: in one transaction they go by COPY to where `landing.apply_sweep` reads
 * them, which writes only what differs. The files are on this machine by then: the connection waits for no
 * server.
 */
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { sqlText } from '../../foundation/sql/sql-file.ts';
import { type Parameters, run, runStep } from '../../foundation/sql/statements.ts';
import { inTransaction } from '../../foundation/sql/transaction.ts';
import { prepareIncoming } from '../incoming.ts';
import type { LandedSweep } from '../landing.ts';
import { assertLockHeld } from '../stream-lock.ts';
import { applySweep, type ReadSweep } from '../sweep-functions.ts';
import { FileFault } from './csv-splitter.ts';
import type { FileRecords, RowReader } from './file-records.ts';
import { type FileLimits, shownPath } from './file-source.ts';
import { readFileRows } from './read-file.ts';

/** A file of the delivery: its path as listed, and where it is on this machine. */
export interface DeliveredFile {
  readonly path: string;
  readonly file: string;
}

/** A delivery on its way: what is to be read, and what was found so far. */
export interface Loading {
  readonly records: FileRecords;
  readonly limits: FileLimits;
  readonly signal: AbortSignal | undefined;
  readonly unknownFields: Set<string>;
  rows: number;
}

const UNKNOWN_FIELDS_MAX = 100;
const RECORDS_MANY = 10_000;
/** What the lines are for. */
export const COPY_INCOMING =
  'copy pg_temp.incoming (entity, record_key, content_hash, payload, reason) from stdin';

/** Throws FileFault (its message begins with the file's path) and the database's errors. */
export async function landDelivery(
  pool: pg.Pool,
  read: ReadSweep,
  files: readonly DeliveredFile[],
  how: {
    readonly records: FileRecords;
    readonly limits: FileLimits;
    readonly signal?: AbortSignal;
  },
): Promise<LandedSweep> {
  const { identity } = read;
  const { records, limits, signal } = how;
  const loading: Loading = { records, limits, signal, unknownFields: new Set(), rows: 0 };
  const parameters = {
    account_id: identity.accountId,
    slice: identity.slice.name,
    row_entity: records.rowEntity,
  };
  const landed = await inTransaction(pool, async (connection) => {
    await prepareIncoming(connection);
    const copy = connection.query(copyFrom(COPY_INCOMING));
    await pipeline(Readable.from(copyTexts(files, loading)), copy);
    await connection.query('analyze pg_temp.incoming');
    await runStep(connection, 'collectors/files/number_repeated_rows', parameters);
    await runStep(connection, 'collectors/files/keep_absent_periods', parameters);
    await addSums(connection, records, parameters);
    if (identity.lockHolder !== undefined) await assertLockHeld(connection, identity.lockHolder);
    return applySweep(connection, read, [...loading.unknownFields].sort());
  });
  // Until the server does so by itself, it would plan the next transform for the table as it was.
  if (landed.recordsNew > RECORDS_MANY) await pool.query('analyze landing.version');
  return landed;
}

async function addSums(
  connection: pg.ClientBase,
  { sums }: FileRecords,
  parameters: Parameters,
): Promise<void> {
  await run(
    connection,
    `insert into pg_temp.incoming (entity, record_key, content_hash, payload)
     select :'sum_entity', record_key, sha256(convert_to(payload::text, 'UTF8')), payload
     from (\n${await sqlText(sums.query)}\n) as sum_of_delivery`,
    { ...parameters, sum_entity: sums.entity },
  );
}

/** The delivery as lines of COPY's text format, many at a time. */
export async function* copyTexts(
  files: readonly DeliveredFile[],
  loading: Loading,
): AsyncGenerator<string> {
  for (const { path, file } of files) {
    try {
      yield* copyFile(path, file, loading);
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      throw new FileFault(`${shownPath(path)}: ${error.message}`);
    }
  }
}

async function* copyFile(path: string, file: string, loading: Loading): AsyncGenerator<string> {
  const { records, limits, signal } = loading;
  const { columns, rows } = await readFileRows(file, limits);
  const reader = records.rowReader(columns);
  if (reader === null) {
    yield reportLine(records, path, { path, rows: 0, held: 'another dataset' });
    return;
  }
  for (const name of reader.unknownColumns) {
    if (loading.unknownFields.size < UNKNOWN_FIELDS_MAX) {
      loading.unknownFields.add(`${records.rowEntity}.${name}`);
    }
  }
  const counted = { rows: 0, setAside: 0 };
  for await (const batch of rows) {
    signal?.throwIfAborted();
    counted.rows += batch.length;
    loading.rows += batch.length;
    if (loading.rows > limits.deliveryRowsMax) {
      throw new FileFault(`the delivery has more than ${limits.deliveryRowsMax} rows`);
    }
    let text = '';
    for (const row of batch) {
      const { key, payload, reason } = reader.read(row);
      if (reason !== null) counted.setAside += 1;
      const why = reason === null ? null : `${shownPath(path)} line ${row.line}: ${reason}`;
      text += copyLine(records.rowEntity, key === null ? null : `${key}/1`, payload, why);
    }
    yield text;
  }
  yield reportLine(records, path, { path, ...counted, ...described(reader) });
}

function described({ dialect, unknownColumns, tolerated }: RowReader): Record<string, unknown> {
  const faults = Object.fromEntries(
    [...tolerated].map(([what, { rows, firstLine }]) => [what, { rows, first_line: firstLine }]),
  );
  return { ...dialect, unknown: unknownColumns.slice(0, UNKNOWN_FIELDS_MAX), tolerated: faults };
}

function reportLine(
  { reportEntity }: FileRecords,
  path: string,
  report: Readonly<Record<string, unknown>>,
): string {
  return copyLine(reportEntity, path, JSON.stringify(report), null);
}

const NULL = '\\N';

function copyLine(
  entity: string,
  key: string | null,
  payload: string,
  reason: string | null,
): string {
  // JSON has backslashes, but no line breaks and tabs of its own.
  const json = payload.includes('\\') ? payload.replaceAll('\\', '\\\\') : payload;
  const [keyText, reasonText] = [key, reason].map((text) => (text === null ? NULL : escaped(text)));
  return `${entity}\t${keyText}\t\\\\x${hash('sha256', payload)}\t${json}\t${reasonText}\n`;
}

function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

/**
 * The second shape of a stream: its records are rows of files, in a folder or behind a listing. Files that
 * are replaced together are one delivery, which is one slice. Like an endpoint, a provider declares only
 * what is true of its files; `run-deliveries.ts` has the control flow.
 */
import type { SourceRow } from './csv-splitter.ts';

export interface FileRecords {
  /** The delivery that a file belongs to, by its path from the base address: `2026-09/part-1.csv` -> `2026-09`. */
  readonly deliveryOf: (path: string) => string;
  /** Reads rows of a file with these columns; null: the file holds something else. Throws FileFault. */
  readonly rowReader: (columns: readonly string[]) => RowReader | null;
  /** Entity of the rows. */
  readonly rowEntity: string;
  /** Entity with one record per file: how it was read, and what was tolerated in it. */
  readonly reportEntity: string;
  /**
   * Entity with sums over the rows, and the SQL file that gives them from `pg_temp.incoming`; its parameters
   * are `account_id`, `slice` and `row_entity`.
   */
  readonly sums: { readonly entity: string; readonly query: string };
}

/** What one row becomes: its key and payload (JSON), or why it is set aside. */
export interface ReadRow {
  /**
   * `<period>/<digest>`: a later delivery replaces the rows of the periods that it holds. Rows with the
   * same key are numbered when they land. Null: it could be any row's.
   */
  readonly key: string | null;
  readonly payload: string;
  readonly reason: string | null;
}

export interface RowReader {
  readonly read: (row: SourceRow) => ReadRow;
  /** How the file is written, for its report: version of the standard, columns that are missing. */
  readonly dialect: Readonly<Record<string, unknown>>;
  /** Columns that are landed by no name of the standard. */
  readonly unknownColumns: readonly string[];
  /** What was read although it breaks the standard, so far. */
  readonly tolerated: ReadonlyMap<string, Tolerated>;
}

export interface Tolerated {
  readonly rows: number;
  readonly firstLine: number;
}

/** The record that each run of the transform leaves: when, how long, how much. */
import type pg from 'pg';
import type { DifferenceCounts } from './expected-charges.ts';

/** Opens the record of a run that posts something; returns its id. */
export async function beginRun(
  connection: pg.ClientBase,
  nowMs: number,
  booksOpenFrom: string,
): Promise<number> {
  const { rows } = await connection.query<{ run_id: number }>(
    `insert into ledger.run (
       clock_at, duration_ms, changes_taken, scopes, charges_posted, charges_reversed,
       accruals_written, books_open_from
     ) values ($1, 0, 0, 0, 0, 0, 0, $2) returning run_id`,
    [new Date(nowMs), booksOpenFrom],
  );
  const runId = rows[0]?.run_id;
  if (runId === undefined) throw new Error('the run was not recorded');
  return runId;
}

export interface RunMeasures extends DifferenceCounts {
  readonly durationMs: number;
  readonly changesTaken: number;
  readonly scopes: number;
}

/** Completes the record. */
export async function endRun(
  connection: pg.ClientBase,
  runId: number,
  measures: RunMeasures,
): Promise<void> {
  await connection.query(
    `update ledger.run
     set duration_ms = $2, changes_taken = $3, scopes = $4, charges_posted = $5,
       charges_reversed = $6, accruals_written = $7
     where run_id = $1`,
    [
      runId,
      Math.round(measures.durationMs),
      measures.changesTaken,
      measures.scopes,
      measures.posted,
      measures.reversed,
      measures.accruals,
    ],
  );
}

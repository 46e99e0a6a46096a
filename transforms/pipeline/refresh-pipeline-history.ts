/** How the collecting goes and what the warehouse weighs, kept in a few rows for the dashboards. */
import type pg from 'pg';
import { runStep } from '../../foundation/sql/statements.ts';

/** Call inside a transaction. `nowMs` dates the measure of the tables. */
export async function refreshPipelineHistory(
  connection: pg.ClientBase,
  nowMs: number,
): Promise<void> {
  await runStep(connection, 'transforms/pipeline/refresh_sweep_hours');
  await connection.query('delete from mart.coverage_gap');
  await runStep(connection, 'transforms/pipeline/store_coverage_gaps');
  await runStep(connection, 'transforms/pipeline/measure_relations', { now: new Date(nowMs) });
}

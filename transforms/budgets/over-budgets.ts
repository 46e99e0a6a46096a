/** Runs what is asked of all budgets so that one that cannot be computed stops no other one. */
import type pg from 'pg';
import { contain } from '../set-aside/contain.ts';
import type { ResultFault } from '../set-aside/results.ts';

/**
 * Runs `work` for the budgets in force, whose names it reads from the temporary table
 * `judged_budget`; perhaps several times, each time for a part of them. What it did for those for
 * which it fails is undone; they are returned with the reason, in the order of their names.
 */
export async function overBudgets(
  connection: pg.ClientBase,
  work: () => Promise<unknown>,
): Promise<readonly ResultFault[]> {
  await connection.query(
    `create temporary table judged_budget on commit drop as
     select distinct budget from reference.budget where superseded_at is null`,
  );
  const faulty = await contain(connection, {
    table: 'judged_budget',
    columns: 'budget',
    keepsFaulty: false,
    work,
  });
  if (faulty === 0) return [];
  const { rows } = await connection.query<ResultFault>(
    `select budget as name, sqlstate, reason from faulty_row order by budget collate "C"`,
  );
  return rows;
}

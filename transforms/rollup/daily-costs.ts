/** The daily facts and their roll-up: what a run's cost deltas do to them. */
import type pg from 'pg';
import { runStep } from '../../foundation/sql/statements.ts';
import { renewOpenMonths, returnTouchedFacts, takeTouchedFacts } from './cost-dimensions.ts';

/**
 * Adds `cost_delta_daily` to the facts, and notes what cost dimensions lose and gain; all of it when
 * anew. Returns whether there is anything for `addNotedCosts` to add.
 */
export async function addDailyCosts(
  connection: pg.ClientBase,
  isAllocatedAnew: boolean,
): Promise<boolean> {
  if (!isAllocatedAnew && !(await takeTouchedFacts(connection))) return false;
  await runStep(connection, 'transforms/rollup/add_cost_delta');
  await runStep(connection, 'transforms/rollup/drop_empty_days');
  if (isAllocatedAnew) await renewOpenMonths(connection);
  else await returnTouchedFacts(connection);
  return true;
}

/** Makes the daily facts from ledger and accruals alone, by another way than run by run. */
export async function rebuildDailyCosts(connection: pg.ClientBase): Promise<void> {
  await connection.query('truncate mart.fct_cost_daily');
  await connection.query('drop table if exists cost_delta, cost_delta_daily');
  await runStep(connection, 'transforms/rollup/create_cost_delta_of_everything');
  await runStep(connection, 'transforms/rollup/create_cost_delta_daily');
  await runStep(connection, 'transforms/rollup/add_cost_delta_daily');
  await addDailyCosts(connection, true);
}

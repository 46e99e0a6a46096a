/**
 * The roll-up of daily costs that dashboards read. A run takes out of it what the facts that it
 * touches were worth before, and adds what they are worth after: exact, and in proportion to what
 * changed. Shared costs are rolled up apart and split anew when they or their shares move. Months
 * that are closed are rolled up from their statements, once.
 */
import type pg from 'pg';
import { sqlText } from '../../foundation/sql/sql-file.ts';
import { keepTemporary, type Parameters, run, runStep } from '../../foundation/sql/statements.ts';
import { isSharing } from '../allocation/allocation.ts';

/** Notes the ownership of the resources in `changed_resource`, in a temporary table of that name. */
export async function noteOwnership(
  connection: pg.ClientBase,
  table: 'ownership_before' | 'ownership_after',
): Promise<void> {
  await keepTemporary(
    connection,
    table,
    `select ownership.* from mart.resource_ownership as ownership
     where (ownership.account_id, ownership.resource_id) in (
       select account_id, resource_id from changed_resource
     )`,
  );
}

/**
 * Call it before the run's `cost_delta_daily` is added to the facts. False when the run touches none:
 * the roll-up stays as it is then.
 */
export async function takeTouchedFacts(connection: pg.ClientBase): Promise<boolean> {
  const touched = await runStep(connection, 'transforms/rollup/touched_fact');
  if (touched === 0) return false;
  await connection.query('analyze touched_fact');
  await runStep(connection, 'transforms/rollup/ownership_then');
  await connection.query('analyze ownership_then');
  await beginDelta(connection);
  await noteFacts(connection, 'transforms/rollup/touched_open_fact', 'ownership_then', -1);
  return true;
}

/** Call it when the run's `cost_delta_daily` is part of the facts. */
export async function returnTouchedFacts(connection: pg.ClientBase): Promise<void> {
  await noteFacts(connection, 'transforms/rollup/touched_open_fact', 'mart.resource_ownership', 1);
}

/** Begins all open months anew, as new rules of allocation and a rebuild ask for. */
export async function renewOpenMonths(connection: pg.ClientBase): Promise<void> {
  await run(
    connection,
    `delete from mart.cost_dimension_daily
     where statement_month >= (select ledger.books_open_from())`,
  );
  await run(connection, 'delete from mart.shared_cost_daily');
  await beginDelta(connection);
  await noteFacts(connection, 'transforms/rollup/open_facts', 'mart.resource_ownership', 1);
}

/** Adds what was noted to the roll-up, once the shares of shared costs are known (`refreshShares`). */
export async function addNotedCosts(
  connection: pg.ClientBase,
  reportingCurrency: string,
): Promise<void> {
  await addDelta(connection, reportingCurrency);
  if (await isSharing(connection)) await splitSharedCosts(connection, reportingCurrency);
}

/** Puts the statement of a closed month, `YYYY-MM-DD`, in the place of its open costs. */
export async function rollUpStatement(
  connection: pg.ClientBase,
  month: string,
  reportingCurrency: string,
): Promise<void> {
  for (const table of ['mart.cost_dimension_daily', 'mart.shared_cost_daily']) {
    await run(connection, `delete from ${table} where statement_month = :'month'::date`, { month });
  }
  await beginDelta(connection);
  await noteCosts(connection, await sqlText('transforms/rollup/statement_cost'), 1, { month });
  await addDelta(connection, reportingCurrency);
}

/** Whether the roll-up was never made although there are facts: after the upgrade that brought it. */
export async function isWithoutRollup(connection: pg.ClientBase): Promise<boolean> {
  const { rows } = await connection.query<{ is_without: boolean }>(
    `select exists (select from mart.fct_cost_daily)
       and not exists (select from mart.cost_dimension_daily) as is_without`,
  );
  return rows[0]?.is_without === true;
}

/** Rolls closed months up of which nothing is rolled up yet. */
export async function rollUpMissingStatements(connection: pg.ClientBase): Promise<void> {
  const { rows } = await connection.query<{ month: string; currency: string }>(
    `select month::text, reporting_currency as currency from ledger.closed_month
     where not exists (select from mart.cost_dimension_daily where statement_month = month)
     order by month`,
  );
  for (const { month, currency } of rows) await rollUpStatement(connection, month, currency);
}

async function splitSharedCosts(
  connection: pg.ClientBase,
  reportingCurrency: string,
): Promise<void> {
  await connection.query('drop table if exists split_month');
  await runStep(connection, 'transforms/rollup/split_month');
  await runStep(connection, 'transforms/rollup/drop_shared_parts');
  await beginDelta(connection);
  await noteCosts(connection, await sqlText('transforms/rollup/split_shared_cost'), 1);
  await noteSharedCorrections(connection);
  await sumDelta(connection, reportingCurrency);
  // What nobody shares stays a shared cost of its own: all of it goes where readers see it.
  await runStep(
    connection,
    'transforms/rollup/add_dimension_days',
    {},
    { known_difference: 'dimension_difference' },
  );
}

/** Shared corrections were taken away with the former split of their month: they stay as they were. */
async function noteSharedCorrections(connection: pg.ClientBase): Promise<void> {
  const correction = await sqlText('transforms/allocation/correction', {
    known_fact: await sqlText('transforms/rollup/split_month_correction'),
  });
  await noteCosts(
    connection,
    `select correction.*, null::text as shared_cost
     from (${correction}) as correction
     join split_month
       on split_month.shared_cost = correction.allocation_rule
       and split_month.cost_month = correction.cost_month
     where correction.is_share`,
    1,
  );
}

async function beginDelta(connection: pg.ClientBase): Promise<void> {
  await connection.query('drop table if exists dimension_delta');
  await runStep(connection, 'transforms/rollup/create_dimension_delta');
}

/** Notes daily facts (a file that gives them) by the ownership that describes them. */
async function noteFacts(
  connection: pg.ClientBase,
  facts: string,
  ownership: string,
  sign: 1 | -1,
): Promise<void> {
  const placed = await sqlText('transforms/allocation/placed', {
    known_fact: await sqlText(facts),
    known_ownership: ownership,
  });
  const allocated = await sqlText('transforms/rollup/allocated_fact', { known_placed: placed });
  await noteCosts(connection, allocated, sign, { is_sharing: await isSharing(connection) });
  await noteCorrections(connection, await sqlText(facts), sign);
}

/** Notes the corrections of closed statements among the facts: they are split already. */
async function noteCorrections(
  connection: pg.ClientBase,
  facts: string,
  sign: 1 | -1,
): Promise<void> {
  const correction = await sqlText('transforms/allocation/correction', { known_fact: facts });
  await noteCosts(
    connection,
    `select correction.*, null::text as shared_cost from (${correction}) as correction`,
    sign,
  );
}

async function noteCosts(
  connection: pg.ClientBase,
  costs: string,
  sign: 1 | -1,
  parameters: Parameters = {},
): Promise<void> {
  const summed = await sqlText('transforms/rollup/placed_dimension', { known_placed: costs });
  await keepTemporary(connection, 'placed_dimension', summed, parameters);
  await runStep(connection, 'transforms/rollup/add_dimensions');
  await runStep(connection, 'transforms/rollup/add_placed', { sign });
}

async function addDelta(connection: pg.ClientBase, reportingCurrency: string): Promise<void> {
  await sumDelta(connection, reportingCurrency);
  await runStep(
    connection,
    'transforms/rollup/add_dimension_days',
    {},
    { known_difference: 'select * from dimension_difference where shared_cost is null' },
  );
  await runStep(connection, 'transforms/rollup/drop_empty_dimension_days');
  await runStep(connection, 'transforms/rollup/add_shared_cost_days');
  await runStep(connection, 'transforms/rollup/drop_empty_shared_cost_days');
}

async function sumDelta(connection: pg.ClientBase, reportingCurrency: string): Promise<void> {
  await connection.query('drop table if exists dimension_difference');
  await runStep(connection, 'transforms/rollup/dimension_difference', {
    reporting_currency: reportingCurrency,
  });
}

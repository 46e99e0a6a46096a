/**
 * The roll-up of daily costs that dashboards read. A run takes out of it what the facts that it
 * touches were worth before, and adds what they are worth after: exact, and in proportion to what
 * changed. Pools of shared costs are rolled up apart and split anew when they or their shares move.
 * Months that are closed are rolled up from their statements, once.
 */
import type pg from 'pg';
import { readStep } from '../../foundation/sql/read-step.ts';
import { type Parameters, run, runStep } from '../../foundation/sql/statements.ts';
import { allocationStep, isSharing } from '../allocation/allocation.ts';

const OPEN_MONTHS = `statement_month > coalesce(
  (select max(closed_month.month) from ledger.closed_month), '-infinity'
)`;
const OPEN_FACTS = `(select * from mart.fct_cost_daily where ${OPEN_MONTHS})`;
/** Each by the facts' index: few are touched of many. */
const TOUCHED_FACTS = `(
  select fact.*
  from touched_fact as touched
  cross join lateral (
    select held.*
    from mart.fct_cost_daily as held
    where held.account_id = touched.account_id and held.resource_id = touched.resource_id
      and held.cost_date = touched.cost_date and held.meter = touched.meter
      and held.billing_currency = touched.billing_currency
      and held.statement_month = touched.statement_month
    offset 0
  ) as fact
)`;

/** Notes how the resources in `changed_resource` are allocated, in a temporary table of that name. */
export async function noteSpans(
  connection: pg.ClientBase,
  table: 'span_before' | 'span_after',
): Promise<void> {
  await connection.query(
    `create temporary table ${table} on commit drop as
     select span.* from mart.resource_span as span
     where (span.account_id, span.resource_id) in (
       select account_id, resource_id from changed_resource
     )`,
  );
}

/**
 * Call it before the run's `cost_delta_daily` is added to the facts. False when the run touches none:
 * slices stay as they are then.
 */
export async function takeTouchedFacts(connection: pg.ClientBase): Promise<boolean> {
  const touched = await runStep(connection, 'transforms/rollup/touched_fact', {});
  if (touched === 0) return false;
  await connection.query('analyze touched_fact');
  await runStep(connection, 'transforms/rollup/span_then', {});
  await connection.query('analyze span_then');
  await beginDelta(connection);
  await noteDelta(connection, await placed(connection, TOUCHED_FACTS, 'span_then'), -1);
  return true;
}

/** Call it when the run's `cost_delta_daily` stands in the facts. */
export async function returnTouchedFacts(connection: pg.ClientBase): Promise<void> {
  await noteDelta(connection, await placed(connection, TOUCHED_FACTS, 'mart.resource_span'), 1);
}

/** Begins all open months anew, as new rules of allocation and a rebuild ask for. */
export async function renewSlices(connection: pg.ClientBase): Promise<void> {
  await run(connection, `delete from mart.cost_slice_daily where ${OPEN_MONTHS}`, {});
  await run(connection, 'delete from mart.cost_pool_daily', {});
  await beginDelta(connection);
  await noteDelta(connection, await placed(connection, OPEN_FACTS, 'mart.resource_span'), 1);
}

/** Enters what was noted, once the shares of pools are known (`refreshShares`). */
export async function settleSlices(
  connection: pg.ClientBase,
  reportingCurrency: string,
): Promise<void> {
  await enterDelta(connection, reportingCurrency);
  if (await isSharing(connection)) await splitPools(connection, reportingCurrency);
}

/** Puts the statement of a closed month, `YYYY-MM-DD`, in the place of its open costs. */
export async function closeSlices(
  connection: pg.ClientBase,
  month: string,
  reportingCurrency: string,
): Promise<void> {
  for (const table of ['mart.cost_slice_daily', 'mart.cost_pool_daily']) {
    await run(connection, `delete from ${table} where statement_month = :'month'::date`, { month });
  }
  const statement = `(
    select closed_cost.*, null::text as pool from ledger.closed_cost
    where statement_month = :'month'::date
  )`;
  await beginDelta(connection);
  await noteDelta(connection, statement, 1, { month });
  await enterDelta(connection, reportingCurrency);
}

/** Whether the roll-up was never made although there are facts: after the upgrade that brought it. */
export async function isWithoutSlices(connection: pg.ClientBase): Promise<boolean> {
  const { rows } = await connection.query<{ is_without: boolean }>(
    `select exists (select from mart.fct_cost_daily)
       and not exists (select from mart.cost_slice_daily) as is_without`,
  );
  return rows[0]?.is_without === true;
}

/** Rolls closed months up of which nothing is rolled up yet. */
export async function closeMissingSlices(
  connection: pg.ClientBase,
  reportingCurrency: string,
): Promise<void> {
  const { rows } = await connection.query<{ month: string }>(
    `select month::text from ledger.closed_month
     where not exists (select from mart.cost_slice_daily where statement_month = month)`,
  );
  for (const { month } of rows) await closeSlices(connection, month, reportingCurrency);
}

/** Facts of `knownFact` with what describes and allocates them. Without rules that share no pool counts. */
async function placed(
  connection: pg.ClientBase,
  knownFact: string,
  knownSpan: string,
): Promise<string> {
  const text = await allocationStep('placed', { known_fact: knownFact, known_span: knownSpan });
  const pool = (await isSharing(connection)) ? 'pool' : 'null::text';
  return `(
    select
      provider, account_id, service_name, resource_type, sku, region_id, region_name, gpu_model,
      meter, billing_currency, team, project, environment, cost_centre, dimensions,
      coalesce(rules ->> 'team', 'none') as allocation_rule, ${pool} as pool, false as is_share,
      cost_date, statement_month, usage_hours, gpu_hours, list_cost, billed_cost, effective_cost,
      reporting_cost, accrued_cost, uncertainty
    from (${text}) as placed
  )`;
}

async function splitPools(connection: pg.ClientBase, reportingCurrency: string): Promise<void> {
  await renew(connection, 'split_month');
  await runStep(connection, 'transforms/rollup/split_month', {});
  await runStep(connection, 'transforms/rollup/drop_split', {});
  await beginDelta(connection);
  await noteDelta(connection, `(${await stepText('split_pool')})`, 1);
  await sumDelta(connection, reportingCurrency);
  // The slices of pools that nobody shares keep their pool: all of it goes where readers look.
  await applyDifference(connection, 'mart.cost_slice_daily', 'slice_difference');
}

async function beginDelta(connection: pg.ClientBase): Promise<void> {
  await renew(connection, 'slice_delta');
  await runStep(connection, 'transforms/rollup/create_slice_delta', {});
}

async function noteDelta(
  connection: pg.ClientBase,
  knownPlaced: string,
  sign: 1 | -1,
  parameters: Parameters = {},
): Promise<void> {
  const text = await stepText('placed_slice');
  const select = text.replace('known_placed', () => knownPlaced);
  await renew(connection, 'placed_slice');
  await run(
    connection,
    `create temporary table placed_slice on commit drop as ${select}`,
    parameters,
  );
  await runStep(connection, 'transforms/rollup/add_slices', {});
  await runStep(connection, 'transforms/rollup/add_placed', { sign });
}

async function enterDelta(connection: pg.ClientBase, reportingCurrency: string): Promise<void> {
  await sumDelta(connection, reportingCurrency);
  for (const [table, condition] of [
    ['mart.cost_slice_daily', 'pool is null'],
    ['mart.cost_pool_daily', 'pool is not null'],
  ] as const) {
    const difference = `(select * from slice_difference where ${condition})`;
    await applyDifference(connection, table, difference);
    const dropEmpty = await stepText('drop_empty');
    await run(connection, dropEmpty.replace('known_slice_day', table), {});
  }
}

async function sumDelta(connection: pg.ClientBase, reportingCurrency: string): Promise<void> {
  await renew(connection, 'slice_difference');
  await runStep(connection, 'transforms/rollup/slice_difference', {
    reporting_currency: reportingCurrency,
  });
}

async function applyDifference(
  connection: pg.ClientBase,
  table: 'mart.cost_slice_daily' | 'mart.cost_pool_daily',
  difference: string,
): Promise<void> {
  const text = await stepText('apply_difference');
  const statement = text
    .replace('known_slice_day', table)
    .replace('known_difference', () => difference);
  await run(connection, statement, {});
}

/** A step that is put together with others: its comments name the inputs, too, and are left out. */
async function stepText(name: string): Promise<string> {
  return (await readStep(`transforms/rollup/${name}`)).replace(/^--.*\n/gm, '');
}

/** A rebuild makes the temporary tables of a run a second time in its transaction. */
async function renew(connection: pg.ClientBase, table: string): Promise<void> {
  await connection.query(`drop table if exists ${table}`);
}

/**
 * The roll-up of daily costs that dashboards read. A run takes out of it what the facts that it
 * touches were worth before, and adds what they are worth after: exact, and in proportion to what
 * changed. Months that are closed are rolled up from their statements, once.
 */
import type pg from 'pg';
import { allocationStep } from './allocation.ts';
import { readStep } from './read-step.ts';
import { run, runStep } from './statements.ts';

const OPEN_FACTS = `(
  select * from mart.fct_cost_daily
  where statement_month > coalesce(
    (select max(closed_month.month) from ledger.closed_month), '-infinity'
  )
)`;
const TOUCHED_FACTS = `(
  select fact.* from touched_fact
  join mart.fct_cost_daily as fact using (
    account_id, resource_id, meter, cost_date, billing_currency, statement_month
  )
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

/** Call it before the run's `cost_delta_daily` is added to the facts. */
export async function takeTouchedFacts(connection: pg.ClientBase): Promise<void> {
  await runStep(connection, 'marts/slices/touched_fact', {});
  await connection.query('analyze touched_fact');
  await runStep(connection, 'marts/slices/span_then', {});
  await connection.query('analyze span_then');
  await runStep(connection, 'marts/slices/create_slice_delta', {});
  await note(connection, await ownPlaced(TOUCHED_FACTS, 'span_then'), -1);
}

/** Call it when the run's `cost_delta_daily` stands in the facts. */
export async function returnTouchedFacts(connection: pg.ClientBase): Promise<void> {
  await note(connection, await ownPlaced(TOUCHED_FACTS, 'mart.resource_span'), 1);
  await runStep(connection, 'marts/slices/apply_slice_delta', {});
  await runStep(connection, 'marts/slices/drop_empty_slice_days', {});
}

/** Whether the roll-up was never made although there are facts: after the upgrade that brought it. */
export async function isWithoutSlices(connection: pg.ClientBase): Promise<boolean> {
  const { rows } = await connection.query<{ is_without: boolean }>(
    `select exists (select from mart.fct_cost_daily)
       and not exists (select from mart.cost_slice_daily) as is_without`,
  );
  return rows[0]?.is_without === true;
}

/**
 * Rolls all open months up again, as new rules of allocation and a rebuild ask for, and closed months
 * of which nothing is rolled up.
 */
export async function rebuildSlices(connection: pg.ClientBase): Promise<void> {
  await run(
    connection,
    `delete from mart.cost_slice_daily
     where statement_month not in (select closed_month.month from ledger.closed_month)`,
    {},
  );
  await fill(connection, await ownPlaced(OPEN_FACTS, 'mart.resource_span'));
  const { rows } = await connection.query<{ month: string }>(
    `select month::text from ledger.closed_month
     where not exists (select from mart.cost_slice_daily where statement_month = month)`,
  );
  for (const { month } of rows) await closeSlices(connection, month);
}

/** Puts the statement of a closed month, `YYYY-MM-DD`, in the place of its open costs. */
export async function closeSlices(connection: pg.ClientBase, month: string): Promise<void> {
  await run(
    connection,
    `delete from mart.cost_slice_daily where statement_month = :'month'::date`,
    {
      month,
    },
  );
  await fill(
    connection,
    `(
      select closed_cost.*, null::text as pool from ledger.closed_cost
      where statement_month = :'month'::date
    )`,
    { month },
  );
}

/** Facts of `known_fact` with what describes and allocates them; a pool is not split here. */
async function ownPlaced(knownFact: string, knownSpan: string): Promise<string> {
  const placed = await allocationStep('placed', { known_fact: knownFact, known_span: knownSpan });
  return `(
    select placed.*, coalesce(placed.rules ->> 'team', 'none') as allocation_rule,
      false as is_share
    from (${placed}) as placed
  )`;
}

async function fill(
  connection: pg.ClientBase,
  knownPlaced: string,
  parameters: Record<string, unknown> = {},
): Promise<void> {
  await connection.query('drop table if exists slice_delta');
  await runStep(connection, 'marts/slices/create_slice_delta', {});
  await note(connection, knownPlaced, 1, parameters);
  await runStep(connection, 'marts/slices/apply_slice_delta', {});
}

async function note(
  connection: pg.ClientBase,
  knownPlaced: string,
  sign: 1 | -1,
  parameters: Record<string, unknown> = {},
): Promise<void> {
  const text = await readStep('marts/slices/placed_slice');
  const select = text.replace(/^--.*\n/gm, '').replace('known_placed', () => knownPlaced);
  await connection.query('drop table if exists placed_slice');
  await run(
    connection,
    `create temporary table placed_slice on commit drop as ${select}`,
    parameters,
  );
  await runStep(connection, 'marts/slices/add_slices', {});
  await runStep(connection, 'marts/slices/add_placed', { sign });
}

/**
 * Who is charged for costs. The steps of allocation are files with inputs, so that the tables that are
 * kept, the view on them and a report as of an instant follow the same rules.
 */
import type pg from 'pg';
import { sqlChain, sqlFile, sqlText } from '../../foundation/sql/sql-file.ts';
import { insertByName, keepTemporary, run } from '../../foundation/sql/statements.ts';
import { ALLOCATION_BY_TAGS, type Allocation } from '../reference/read-allocation.ts';

const RULES_IN_FORCE = 'select * from reference.allocation_rule where superseded_at is null';
const TEAMS_IN_FORCE = 'select * from reference.team where superseded_at is null';

/** Open months' costs by owner, from the tables that are kept: the body of a view. */
export async function openOwnedCost(): Promise<string> {
  return sqlChain(
    [
      { name: 'known_fact', file: 'transforms/rollup/open_facts' },
      { name: 'known_ownership', query: 'mart.resource_ownership' },
      { name: 'known_share', query: 'mart.allocation_share' },
      { name: 'known_team', query: TEAMS_IN_FORCE },
      ...OWNED_STEPS,
    ],
    'select * from known_owned',
  );
}

/** From facts, ownership, shares and teams to `known_owned`: every cost with who is charged for it. */
export const OWNED_STEPS = [
  { name: 'known_placed', file: 'transforms/allocation/placed' },
  { name: 'known_allocated', file: 'transforms/allocation/owned' },
  { name: 'known_correction', file: 'transforms/allocation/correction' },
  {
    name: 'known_owned',
    query: 'select * from known_allocated union all select * from known_correction',
  },
] as const;

/**
 * Brings the rules to what the file says; `null` is no file, `kept` one that is refused, which leaves
 * what is loaded in force. Returns whether anything changed.
 */
export async function loadAllocation(
  connection: pg.ClientBase,
  allocation: Allocation | 'kept' | null,
  nowMs: number,
): Promise<boolean> {
  if (allocation === 'kept') return false;
  const { rules, teams, costCentres } = allocation ?? ALLOCATION_BY_TAGS;
  let changes = 0;
  for (const [step, rows] of [
    ['load_allocation_rules', rules],
    ['load_teams', teams],
    ['load_cost_centres', costCentres],
  ] as const) {
    const statement = await sqlFile(`transforms/reference/${step}`, {
      parameters: { rows: JSON.stringify(rows), now: new Date(nowMs) },
    });
    changes += (await connection.query(statement)).rows.length;
  }
  return changes > 0;
}

const OWNERSHIP_COLUMNS = `account_id, resource_id, from_date, to_date, provider, service_name,
  resource_type, resource_name, sku, region_id, region_name, gpu_model, team, project, environment,
  cost_centre, dimensions, rules, shared_rule`;
const CHANGED_RESOURCES = '(select account_id, resource_id from changed_resource)';

/** Makes the ownership intervals anew of the resources in `changed_resource`, or of all. */
export async function refreshOwnership(connection: pg.ClientBase, isAll: boolean): Promise<void> {
  const ofThese = isAll ? '' : ` where (account_id, resource_id) in ${CHANGED_RESOURCES}`;
  await run(connection, `delete from mart.resource_ownership${ofThese}`);
  const ownership = await sqlText('transforms/allocation/ownership', {
    known_resource: `select * from mart.dim_resource${ofThese}`,
    known_rule: RULES_IN_FORCE,
    known_team: TEAMS_IN_FORCE,
  });
  await insertByName(connection, 'mart.resource_ownership', OWNERSHIP_COLUMNS, ownership);
}

/** Whether rules are in force that share costs. Without one there are no pools. */
export async function isSharing(connection: pg.ClientBase): Promise<boolean> {
  const { rows } = await connection.query<{ is_sharing: boolean }>(
    `select exists (select from (${RULES_IN_FORCE}) as rule where kind <> 'direct') as is_sharing`,
  );
  return rows[0]?.is_sharing === true;
}

/**
 * Makes the shares anew of the months in `months` (a query that gives `cost_month`), and notes what
 * they were in `share_before`. Without rules that share there are none.
 */
export async function refreshShares(connection: pg.ClientBase, months: string): Promise<void> {
  if (!(await isSharing(connection))) {
    await run(connection, 'delete from mart.allocation_share');
    return;
  }
  await keepTemporary(
    connection,
    'share_month',
    `select distinct cost_month from (${months}) as month`,
  );
  await keepTemporary(
    connection,
    'share_before',
    `select * from mart.allocation_share where cost_month in (select cost_month from share_month)`,
  );
  await run(
    connection,
    'delete from mart.allocation_share where cost_month in (select cost_month from share_month)',
  );
  const placed = await sqlText('transforms/allocation/placed', {
    known_fact: `select fact.* from mart.fct_cost_daily as fact
      join share_month on fact.cost_date >= share_month.cost_month
        and fact.cost_date < share_month.cost_month + interval '1 month'`,
    known_ownership: 'mart.resource_ownership',
  });
  const shares = await sqlText('transforms/allocation/shares', {
    known_placed: placed,
    known_rule: RULES_IN_FORCE,
    known_month: 'share_month',
  });
  const columns = 'shared_cost, cost_month, team, before, upto';
  await insertByName(connection, 'mart.allocation_share', columns, shares);
}

/**
 * Whose the costs are. The steps of allocation are texts over named inputs, so that the tables that
 * are kept, the view on them and a report as of an instant work by the same rules.
 */
import type pg from 'pg';
import { bindParameters } from '../../foundation/sql/bind-parameters.ts';
import { readStep } from '../../foundation/sql/read-step.ts';
import { run } from '../../foundation/sql/statements.ts';
import { ALLOCATION_BY_TAGS, type Allocation } from '../reference/read-allocation.ts';

/** What stands for an input in a step's text, and the relation that is read in its place. */
type Inputs = Readonly<Partial<Record<string, string>>>;

const RULES_IN_FORCE = '(select * from reference.allocation_rule where superseded_at is null)';
const TEAMS_IN_FORCE = '(select * from reference.team where superseded_at is null)';

/** A step's text with its inputs in place. */
export async function allocationStep(
  name: 'spans' | 'placed' | 'shares' | 'owned',
  inputs: Inputs,
): Promise<string> {
  const text = await readStep(`transforms/allocation/${name}`);
  const statement = text.replace(/^--.*\n/gm, ''); // the comments name the inputs, too
  return statement.replace(/\bknown_[a-z]+\b/g, (input) => inputs[input] ?? input);
}

/** Open months' costs by owner, from the tables that are kept: the body of a view. */
export async function openOwnedCost(): Promise<string> {
  const placed = await allocationStep('placed', {
    known_fact: `(
      select * from mart.fct_cost_daily
      where statement_month > coalesce(
        (select max(closed_month.month) from ledger.closed_month), '-infinity'
      )
    )`,
    known_span: 'mart.resource_span',
  });
  return allocationStep('owned', {
    known_placed: `(${placed})`,
    known_share: 'mart.allocation_share',
    known_team: TEAMS_IN_FORCE,
  });
}

/** Brings the rules to what the file says; `null` is no file. Returns whether anything changed. */
export async function loadAllocation(
  connection: pg.ClientBase,
  allocation: Allocation | null,
  nowMs: number,
): Promise<boolean> {
  const { rules, teams, costCentres } = allocation ?? ALLOCATION_BY_TAGS;
  let changes = 0;
  for (const [step, rows] of [
    ['load_allocation_rules', rules],
    ['load_teams', teams],
    ['load_cost_centres', costCentres],
  ] as const) {
    const statement = bindParameters(await readStep(`transforms/reference/${step}`), {
      rows: JSON.stringify(rows),
      now: new Date(nowMs),
    });
    changes += (await connection.query(statement)).rows.length;
  }
  return changes > 0;
}

/** Makes the spans anew of the resources in `changed_resource`, or of all. */
export async function refreshSpans(connection: pg.ClientBase, isAll: boolean): Promise<void> {
  const resources = isAll
    ? 'mart.dim_resource'
    : `(
        select held.* from mart.dim_resource as held
        where (held.account_id, held.resource_id) in (
          select account_id, resource_id from changed_resource
        )
      )`;
  await connection.query(
    isAll
      ? 'delete from mart.resource_span'
      : `delete from mart.resource_span where (account_id, resource_id) in (
           select account_id, resource_id from changed_resource
         )`,
  );
  const spans = await allocationStep('spans', {
    known_resource: resources,
    known_rule: RULES_IN_FORCE,
    known_team: TEAMS_IN_FORCE,
  });
  await connection.query(
    `insert into mart.resource_span (
       account_id, resource_id, from_date, to_date, provider, service_name, resource_type,
       resource_name, sku, region_id, region_name, gpu_model, team, project, environment,
       cost_centre, dimensions, rules, shared_rule
     ) ${spans}`,
  );
}

/** Whether rules are in force that share costs. Without one there are no pools. */
export async function isSharing(connection: pg.ClientBase): Promise<boolean> {
  const { rows } = await connection.query<{ is_sharing: boolean }>(
    `select exists (select from ${RULES_IN_FORCE} as rule where kind <> 'direct') as is_sharing`,
  );
  return rows[0]?.is_sharing === true;
}

/**
 * Makes the shares anew of the months in `months` (a query that gives `cost_month`), and notes what
 * they were in `share_before`. Without rules that share there are none.
 */
export async function refreshShares(connection: pg.ClientBase, months: string): Promise<void> {
  if (!(await isSharing(connection))) {
    await run(connection, 'delete from mart.allocation_share', {});
    return;
  }
  await connection.query('drop table if exists share_month, share_before');
  await connection.query(
    `create temporary table share_month on commit drop as select distinct cost_month from (${months}) as month`,
  );
  await connection.query(
    `create temporary table share_before on commit drop as
     select * from mart.allocation_share where cost_month in (select cost_month from share_month)`,
  );
  await run(
    connection,
    'delete from mart.allocation_share where cost_month in (select cost_month from share_month)',
    {},
  );
  const placed = await allocationStep('placed', {
    known_fact: `(
      select fact.* from mart.fct_cost_daily as fact
      join share_month on fact.cost_date >= share_month.cost_month
        and fact.cost_date < share_month.cost_month + interval '1 month'
    )`,
    known_span: 'mart.resource_span',
  });
  const shares = await allocationStep('shares', {
    known_placed: `(${placed})`,
    known_rule: RULES_IN_FORCE,
    known_month: 'share_month',
  });
  await connection.query(
    `insert into mart.allocation_share (pool, cost_month, team, before, upto) ${shares}`,
  );
}

/** Costs by owner as of an instant: the body of a relation with the parameters of its file. */
export async function ownedCostAsOf(): Promise<string> {
  const steps: Readonly<Record<string, string>> = {
    known_spans: await allocationStep('spans', {
      known_resource: 'resource_then',
      known_rule: 'rule_then',
      known_team: 'team_then',
    }),
    known_placed_facts: await allocationStep('placed', { known_fact: 'fact', known_span: 'span' }),
    known_shares: await allocationStep('shares', {
      known_placed: 'placed',
      known_rule: 'rule_then',
      known_month: 'month',
    }),
    known_owned: await allocationStep('owned', {
      known_placed: 'placed',
      known_share: 'share',
      known_team: 'team_then',
    }),
  };
  const text = await readStep('transforms/as_of/cost_owned_daily');
  return text.replace(/\((known_[a-z_]+)\)/g, (_, name: string) => `(${steps[name] ?? name})`);
}

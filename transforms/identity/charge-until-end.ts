/**
 * Charges each account as of its own clock: the run's, or the instant at which the account ended. So
 * every product's query is asked about an ended account as it would have been asked then.
 */
import type pg from 'pg';
import { keepTemporary, type Parameters, run, runStep } from '../../foundation/sql/statements.ts';

/** Calls `work` once per clock, with `scope` cut to the accounts that it holds for. */
export async function atEachClock(
  connection: pg.ClientBase,
  parameters: Parameters,
  work: (parameters: Parameters) => Promise<void>,
): Promise<void> {
  const now = parameters.now ?? null;
  const { rows } = await connection.query<{ clock: string }>(
    `select distinct ends_at::text as clock
     from landing.account
     where ends_at < $1 and renamed_to is null and exists (
       select from scope where scope.account_id = account.account_id
     )
     order by clock`,
    [now],
  );
  if (rows.length === 0) {
    await work(parameters);
    return;
  }
  await connection.query('alter table pg_temp.scope rename to whole_scope');
  for (const clock of [...rows.map((row) => row.clock), now]) {
    await keepTemporary(
      connection,
      'scope',
      `select whole_scope.* from whole_scope
       left join landing.account using (account_id)
       where least(account.ends_at, :'now'::timestamptz) = :'clock'::timestamptz`,
      { now, clock },
    );
    await connection.query('create unique index on scope (account_id, resource_id)');
    await connection.query('analyze scope');
    await work({ ...parameters, now: clock });
    // What could not be computed was taken out, and must not be compared.
    await run(
      connection,
      `delete from whole_scope
       where not exists (
         select from scope
         where scope.account_id = whole_scope.account_id
           and scope.resource_id = whole_scope.resource_id
       ) and exists (
         select from whole_scope as same
         left join landing.account using (account_id)
         where same.account_id = whole_scope.account_id
           and same.resource_id = whole_scope.resource_id
           and least(account.ends_at, :'now'::timestamptz) = :'clock'::timestamptz
       )`,
      { now, clock },
    );
  }
  await connection.query('drop table pg_temp.scope');
  await connection.query('alter table pg_temp.whole_scope rename to scope');
}

/** Takes what predecessors are charged out of `product_charge`, the oldest successor first. */
export async function subtractPredecessors(connection: pg.ClientBase): Promise<void> {
  const { rows } = await connection.query<{ account_id: string }>(
    `select account_id from landing.account
     where exists (
       select from landing.account_succession as succession
       where succession.account_id = account.account_id
     ) and exists (
       select from scope where scope.account_id = account.account_id
     )
     order by account_number`,
  );
  if (rows.length === 0) return;
  await connection.query('create index on product_charge (account_id, charge_key)');
  for (const { account_id: accountId } of rows) {
    const parameters = { account_id: accountId };
    await runStep(connection, 'transforms/identity/subtract_predecessors', parameters);
    await runStep(connection, 'transforms/identity/drop_nothing_left', parameters);
  }
}

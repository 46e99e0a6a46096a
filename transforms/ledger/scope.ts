/**
 * What a transform has to compute again: the changes from landing, the resources that they touch, and
 * what follows from those or from time alone.
 */
import type pg from 'pg';
import { sqlText } from '../../foundation/sql/sql-file.ts';
import { insertByName, keepTemporary, run, runStep } from '../../foundation/sql/statements.ts';
import type { ProductQueries } from '../manifest.ts';
import {
  leaveOutOfScope,
  overChanges,
  overResources,
  retryChanges,
  retryResources,
  whole,
} from '../set-aside/set-aside.ts';
import { productsOfAccounts, productsOfChanges } from './concerned-products.ts';

/** Takes the queue from landing as it was at `nowMs`; returns how many changes there were. */
export async function takeChanges(
  connection: pg.ClientBase,
  isFull: boolean,
  nowMs: number,
): Promise<number> {
  await runStep(connection, 'transforms/ledger/take_changes', { now: new Date(nowMs) });
  const changes = await countRows(connection, 'taken_change');
  if (isFull) await runStep(connection, 'transforms/ledger/take_everything');
  else await retryChanges(connection, new Date(nowMs));
  await connection.query('analyze taken_change');
  return isFull ? 1 : changes;
}

/** Fills `changed_resource (account_id, resource_id, from_at)`. */
export async function findChangedResources(
  connection: pg.ClientBase,
  products: readonly ProductQueries[],
  changedProviders: readonly { provider: string; from: Date }[],
  {
    isFull,
    isRenaming,
    nowMs,
  }: { readonly isFull: boolean; readonly isRenaming: boolean; readonly nowMs: number },
): Promise<void> {
  const now = new Date(nowMs);
  await connection.query(
    `create temporary table changed_resource (
       account_id text not null, resource_id text not null, from_at timestamptz
     ) on commit drop`,
  );
  for (const { product, queries } of await productsOfChanges(connection, products)) {
    const query = queries.changed_resource;
    if (query === undefined) continue;
    await overChanges(connection, product, now, () =>
      insertByName(
        connection,
        'changed_resource',
        'account_id, resource_id, from_at',
        `select * from (\n${query}\n) as found
         where account_id is not null and resource_id is not null`,
      ),
    );
  }
  for (const { provider, from } of changedProviders) {
    await runStep(connection, 'transforms/ledger/resources_of_provider', { provider, from });
  }
  if (changedProviders.length > 0 || isFull) {
    for (const { product, resourceStateView } of products) {
      if (resourceStateView === null) continue;
      await whole(connection, product, now, () =>
        runStep(
          connection,
          'transforms/ledger/committed_resources',
          {},
          { resource_state: resourceStateView },
        ),
      );
    }
  }
  await runStep(connection, 'transforms/identity/end_accounts');
  await retryResources(connection, now, isFull);
  if (isFull) await connection.query('update changed_resource set from_at = null');
  if (isFull || isRenaming) await runStep(connection, 'transforms/identity/resources_of_renamed');
  await connection.query('analyze changed_resource');
}

/** Brings dim_resource up to date for the changed resources, as learnt at `nowMs`. */
export async function refreshResources(
  connection: pg.ClientBase,
  products: readonly ProductQueries[],
  nowMs: number,
): Promise<void> {
  const { rows } = await connection.query<{ has_changes: boolean }>(
    'select exists (select from changed_resource) as has_changes',
  );
  await connection.query(
    'create temporary table expected_resource (like mart.dim_resource including defaults) on commit drop',
  );
  if (rows[0]?.has_changes !== true) return;
  const parameters = { now: new Date(nowMs) };
  const table = 'changed_resource';
  for (const { product, resourceStateView } of await productsOfAccounts(
    connection,
    products,
    table,
  )) {
    if (resourceStateView === null) continue;
    const place = { product, step: 'resource', table, ...parameters } as const;
    await overResources(connection, place, () =>
      runStep(
        connection,
        'transforms/resources/expected_resource',
        {},
        { resource_state: resourceStateView },
      ),
    );
  }
  await runStep(connection, 'transforms/identity/keep_renamed_resources');
  for (const step of ['drop_later_intervals', 'cut_ended_intervals', 'add_ended_intervals']) {
    await runStep(connection, `transforms/identity/${step}`);
  }
  await connection.query('analyze expected_resource');
  await runStep(connection, 'transforms/resources/drop_outdated_resources', parameters);
  await runStep(connection, 'transforms/resources/add_resources', parameters);
}

const SCOPE_COLUMNS = 'account_id, resource_id, from_date';

/** Fills `scope (account_id, resource_id, from_date)`, one row per resource; returns its size. */
export async function findScope(
  connection: pg.ClientBase,
  products: readonly ProductQueries[],
  { isMovedByTime, nowMs }: { readonly isMovedByTime: boolean; readonly nowMs: number },
): Promise<number> {
  await connection.query(
    `create temporary table scope_part (
       account_id text not null, resource_id text not null, from_date date not null
     ) on commit drop`,
  );
  await run(
    connection,
    `insert into scope_part (${SCOPE_COLUMNS})
     select account_id, resource_id,
       coalesce((from_at at time zone 'UTC')::date, '-infinity'::date)
     from changed_resource`,
  );
  if (isMovedByTime) {
    const byTime = await sqlText('transforms/ledger/scope_by_time');
    await insertByName(connection, 'scope_part', SCOPE_COLUMNS, byTime);
  }
  await consolidateScope(connection);
  // A look that changed nothing may still end an estimate: whoever landed anything is asked.
  const landed = await productsOfAccounts(connection, products, 'landing.watermark');
  for (const { product, queries } of landed) {
    const query = queries.related_scope;
    if (query === undefined) continue;
    const place = { product, step: 'scope', table: 'scope', now: new Date(nowMs) } as const;
    await overResources(connection, place, () =>
      insertByName(connection, 'scope_part', SCOPE_COLUMNS, query),
    );
  }
  await consolidateScope(connection);
  await runStep(connection, 'transforms/identity/keep_renamed_days');
  await leaveOutOfScope(connection);
  return countRows(connection, 'scope');
}

async function consolidateScope(connection: pg.ClientBase): Promise<number> {
  await keepTemporary(
    connection,
    'scope',
    `select account_id, resource_id, min(from_date) as from_date
     from scope_part
     group by account_id, resource_id`,
  );
  await connection.query('create unique index on scope (account_id, resource_id)');
  await connection.query('analyze scope');
  return countRows(connection, 'scope');
}

async function countRows(connection: pg.ClientBase, table: string): Promise<number> {
  const { rows } = await connection.query<{ count: number }>(
    `select count(*) as count from ${table}`,
  );
  return rows[0]?.count ?? 0;
}

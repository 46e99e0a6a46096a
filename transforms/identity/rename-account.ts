/**
 * Gives an account another id. What landed moves, and so do the histories that are kept beside it; the
 * ledger is not touched: the transform that follows reverses what open months hold under the old id and
 * posts it under the new one. Closed months keep the old id, and count once.
 */
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { run, runStep } from '../../foundation/sql/statements.ts';
import { type TransformOptions, type TransformResult, transform } from '../ledger/run-transform.ts';
import { underTransformLock } from '../ledger/transform-lock.ts';

export interface RenameOptions extends TransformOptions {
  readonly former: string;
  readonly renamed: string;
}

/** Tables whose rows are about an account and are no ledger. */
const MOVED_TABLES = [
  'landing.sweep',
  'landing.watermark',
  'landing.version',
  'landing.change',
  'landing.quarantine',
  'landing.expectation',
  'landing.credential_end',
  'landing.account_identity',
  'mart.sweep_hour',
  'mart.coverage_gap',
  'mart.market_price_daily',
  'mart.market_stock_daily',
];

/**
 * Throws UsageError when there is no such account, when it ended, or when the new id is in use. What
 * landed under the new id while it was refused is dropped: the next sync reads it again.
 */
export async function renameAccount(
  pool: pg.Pool,
  options: RenameOptions,
): Promise<TransformResult> {
  return underTransformLock(pool, async (connection) => {
    const names = { former: options.former, renamed: options.renamed };
    await refuseUnlessFree(connection, names);
    for (const table of MOVED_TABLES) {
      await run(connection, `delete from ${table} where account_id = :'renamed'`, names);
      await run(
        connection,
        `update ${table} set account_id = :'renamed' where account_id = :'former'`,
        names,
      );
    }
    await noteRename(connection, names);
    await runStep(connection, 'transforms/identity/queue_renamed', { renamed: names.renamed });
    return transform(connection, { ...options, isRenaming: true });
  });
}

interface Names {
  readonly [name: string]: string;
  readonly former: string;
  readonly renamed: string;
}

async function refuseUnlessFree(
  connection: pg.ClientBase,
  { former, renamed }: Names,
): Promise<void> {
  const { rows } = await connection.query<{
    account_id: string;
    provider: string | null;
    renamed_to: string | null;
    is_retired: boolean;
    is_charged: boolean;
  }>(
    `select account_id, provider, renamed_to, retired_at is not null as is_retired,
       admitted_at is not null as is_charged
     from landing.account where account_id = any($1)`,
    [[former, renamed]],
  );
  const from = rows.find((row) => row.account_id === former);
  const to = rows.find((row) => row.account_id === renamed);
  if (from === undefined) {
    throw new UsageError(`there is no account "${former}": see \`meterhouse account list\``);
  }
  if (from.renamed_to !== null) {
    throw new UsageError(`account ${former} was renamed to ${from.renamed_to} already`);
  }
  if (from.is_retired)
    throw new UsageError(`account ${former} is retired: its history keeps its id`);
  if (former === renamed) throw new UsageError(`account ${former} has that id`);
  if (to === undefined) return;
  if (to.is_charged || to.is_retired || to.renamed_to !== null) {
    throw new UsageError(
      `there is an account ${renamed} with charges of its own: choose an id that was not used`,
    );
  }
  if (to.provider !== from.provider && from.provider !== null) {
    throw new UsageError(
      `account ${renamed} is one of ${to.provider}, ${former} of ${from.provider}`,
    );
  }
}

async function noteRename(connection: pg.ClientBase, names: Names): Promise<void> {
  await run(
    connection,
    `insert into landing.account as held (account_id, provider, is_configured, admitted_at)
     select :'renamed', provider, true, admitted_at
     from landing.account where account_id = :'former'
     on conflict (account_id) do update set
       admitted_at = excluded.admitted_at, refused_because = null`,
    names,
  );
  await run(
    connection,
    `update landing.account set renamed_to = :'renamed' where renamed_to = :'former'`,
    names,
  );
  await run(
    connection,
    `update landing.account set
       renamed_to = :'renamed', is_configured = false, refused_because = null,
       ends_at = ledger.books_open_from()::timestamp at time zone 'UTC'
     where account_id = :'former'`,
    names,
  );
  await run(
    connection,
    `update landing.account_succession set account_id = :'renamed' where account_id = :'former'`,
    names,
  );
  await run(
    connection,
    `insert into landing.account_succession (account_id, predecessor_id, keeps_before)
     values (:'renamed', :'former', ledger.books_open_from())`,
    names,
  );
}

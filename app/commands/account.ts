/** `meterhouse account …`: which accounts there are, whose they are, and how one ends. */
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { type AccountRow, readAccounts } from '../account-list.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { table } from '../output.ts';
import { Pipeline } from '../pipeline.ts';
import { openReady } from '../warehouse.ts';

export async function accountListCommand(context: Context): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const ids = configuration.accounts.map(({ id }) => id);
    const accounts = await readAccounts(warehouse.pool, ids);
    present(context, { accounts }, () => accountTable(accounts));
  } finally {
    await warehouse.close();
  }
}

function accountTable(accounts: readonly AccountRow[]): string {
  return table(accounts, [
    { title: 'account', value: (row) => row.account_id },
    { title: 'provider', value: (row) => row.provider ?? 'unknown' },
    { title: 'state', value: (row) => row.state },
    { title: 'last sync', value: (row) => row.last_sync_at ?? 'never' },
    { title: 'customer', value: (row) => row.customer ?? 'known by its key only' },
    { title: '', value: (row) => row.detail ?? '' },
  ]);
}

/** Throws UsageError for an unknown or renamed account and for an instant in the future. */
export async function accountRetireCommand(
  context: Context,
  accountId: string,
  options: { readonly at: number },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const at = new Date(options.at);
  if (options.at > context.clock.nowMs()) {
    throw new UsageError(`--at ${at.toISOString()} is in the future: retire it when it has ended`);
  }
  const pipeline = await Pipeline.open(configuration, context.clock, context.log);
  try {
    await assertKnown(pipeline.warehouse.pool, accountId);
    await pipeline.warehouse.pool.query(
      `update landing.account set retired_at = $2, admitted_at = coalesce(admitted_at, $2),
         refused_because = null
       where account_id = $1`,
      [accountId, at],
    );
    const result = await pipeline.transform();
    present(
      context,
      {
        account: accountId,
        retired_at: at.toISOString(),
        charges_posted: result.chargesPosted,
        charges_reversed: result.chargesReversed,
      },
      () =>
        `${accountId} is retired at ${at.toISOString()}: nothing is estimated, expected or alerted after it; ` +
        `${result.chargesPosted} charges posted, ${result.chargesReversed} reversed\n`,
    );
  } finally {
    await pipeline.close();
  }
}

async function assertKnown(pool: pg.Pool, accountId: string): Promise<void> {
  const { rows } = await pool.query<{ renamed_to: string | null }>(
    'select renamed_to from landing.account where account_id = $1',
    [accountId],
  );
  const account = rows[0];
  if (account === undefined) {
    throw new UsageError(`there is no account "${accountId}": see \`meterhouse account list\``);
  }
  if (account.renamed_to !== null) {
    throw new UsageError(
      `account ${accountId} was renamed to ${account.renamed_to}: use that name`,
    );
  }
}

/**
 * Notes which accounts the configuration names and by which key, so that the same customer under two
 * ids is found before anything of it is charged. A key is known by a salted hash only.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { type MeterhouseError, UsageError } from '../foundation/errors.ts';
import { inTransaction } from '../foundation/sql/transaction.ts';
import { compareAccount } from '../transforms/identity/admit-accounts.ts';
import type { Account } from './config.ts';

const SALT_BYTES = 16;
const FINGERPRINT_LENGTH = 32;

/** The account's key opens what another account is charged for, or the account has ended. */
export class AccountRefusedError extends UsageError {}

/** Notes the accounts of the configuration in its order; the others have left it. */
export async function registerAccounts(
  pool: pg.Pool,
  accounts: readonly Account[],
  nowMs: number,
): Promise<void> {
  await inTransaction(pool, (connection) => noteAccounts(connection, accounts, nowMs));
}

/** The same inside the caller's transaction. */
export async function noteAccounts(
  connection: pg.ClientBase,
  accounts: readonly Account[],
  nowMs: number,
): Promise<void> {
  const ids = accounts.map(({ id }) => id);
  for (const account of accounts) {
    // Most runs find it so, and write nothing.
    await connection.query(
      `insert into landing.account as held (account_id, provider)
       select $1, $2 where not exists (
         select from landing.account where account_id = $1 and provider = $2 and is_configured
       )
       on conflict (account_id) do update set provider = excluded.provider, is_configured = true`,
      [account.id, account.provider.id],
    );
    await noteKey(connection, account, nowMs);
  }
  await connection.query(
    `update landing.account set is_configured = false
     where is_configured and not account_id = any($1)`,
    [ids],
  );
  const { rows } = await connection.query<{ account_id: string }>(
    `select account_id from landing.account
     where admitted_at is null and account_id = any($1) order by account_number`,
    [ids],
  );
  for (const { account_id: accountId } of rows) await compareAccount(connection, accountId, nowMs);
}

interface Fingerprint {
  readonly account_id: string;
  readonly identity: string;
  readonly salt: string;
}

/** Two accounts with one key get one fingerprint: the salt of the first. */
async function noteKey(connection: pg.ClientBase, account: Account, nowMs: number): Promise<void> {
  const { rows } = await connection.query<Fingerprint>(
    `select account_id, identity, salt from landing.account_identity
     where kind = 'key' and seen_to is null
     order by account_id = $1 desc, seen_from, account_id collate "C"`,
    [account.id],
  );
  const same = rows.find(({ identity, salt }) => fingerprintOf(account, salt) === identity);
  if (same?.account_id === account.id) return;
  const salt = same?.salt ?? randomBytes(SALT_BYTES).toString('hex');
  await connection.query(
    `update landing.account_identity set seen_to = greatest($2, seen_from)
     where account_id = $1 and kind = 'key' and seen_to is null`,
    [account.id, new Date(nowMs)],
  );
  await connection.query(
    `insert into landing.account_identity (account_id, kind, identity, salt, seen_from)
     values ($1, 'key', $2, $3, $4)
     on conflict (account_id, kind, identity, seen_from) do update set seen_to = null`,
    [account.id, fingerprintOf(account, salt), salt, new Date(nowMs)],
  );
}

/** Tells one key at one address from another; the key cannot be had from it. */
function fingerprintOf({ provider, baseUrl, credentials }: Account, salt: string): string {
  const members = Object.entries(credentials).sort(([name], [other]) => (name < other ? -1 : 1));
  return createHmac('sha256', salt)
    .update(JSON.stringify([provider.id, baseUrl.replace(/\/+$/, ''), members]))
    .digest('hex')
    .slice(0, FINGERPRINT_LENGTH);
}

/** Why accounts must not be collected, by account id; those that may are not in it. */
export async function readRefusals(
  connection: pg.Pool | pg.ClientBase,
): Promise<ReadonlyMap<string, AccountRefusedError>> {
  const { rows } = await connection.query<{ account_id: string; reason: string }>(
    `select account_id, case
         when renamed_to is not null then format(
           'account %s was renamed: call it %s in the configuration', account_id, renamed_to)
         when retired_at is not null then format(
           'account %s was retired at %s: remove it from the configuration, or give what it is now a new id',
           account_id, to_char(retired_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
         else refused_because
       end as reason
     from landing.account
     where num_nonnulls(renamed_to, retired_at, refused_because) > 0`,
  );
  return new Map(rows.map((row) => [row.account_id, new AccountRefusedError(row.reason)]));
}

/** After an account's sweeps: whether what landed shows it to be another one's double. */
export async function refuseDouble(
  pool: pg.Pool,
  accountId: string,
  nowMs: number,
): Promise<MeterhouseError | null> {
  const { rows } = await pool.query<{ is_new: boolean }>(
    `select exists (
       select from landing.account where account_id = $1 and admitted_at is null
     ) as is_new`,
    [accountId],
  );
  if (rows[0]?.is_new !== true) return null;
  const reason = await inTransaction(pool, (connection) =>
    compareAccount(connection, accountId, nowMs),
  );
  return reason === null ? null : new AccountRefusedError(reason);
}

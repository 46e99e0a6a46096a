/**
 * Which accounts are charged: an account whose customer, key or resources are those of another one
 * waits, its landed records with it, so that the same money never enters twice.
 */
import type pg from 'pg';
import { counted } from '../../foundation/counted.ts';
import { sqlFile } from '../../foundation/sql/sql-file.ts';
import { runStep } from '../../foundation/sql/statements.ts';

/** Another account that is the same customer's, and what says so. */
interface Double {
  readonly account_id: string;
  readonly is_retired: boolean;
  /** `key`, a provider's own identity, or null for common resources. */
  readonly kind: string | null;
  readonly resources: number | null;
}

/** Part of a transform: admits the new accounts whose records wait, or refuses them with a reason. */
export async function admitAccounts(connection: pg.ClientBase, nowMs: number): Promise<void> {
  const { rows } = await connection.query<{ account_id: string }>(
    `select account_id from landing.account
     where admitted_at is null and exists (
       select from landing.change where change.account_id = account.account_id
     )
     order by account_number`,
  );
  for (const { account_id: accountId } of rows) {
    if ((await compareAccount(connection, accountId, nowMs)) !== null) continue;
    await connection.query('update landing.account set admitted_at = $2 where account_id = $1', [
      accountId,
      new Date(nowMs),
    ]);
  }
}

/**
 * Compares an account that is not charged yet with the others, and notes the outcome. Returns why it
 * is refused, in one line that says what to do; null when it is not.
 */
export async function compareAccount(
  connection: pg.ClientBase | pg.Pool,
  accountId: string,
  nowMs: number,
): Promise<string | null> {
  const doubles = await findDoubles(connection, accountId, nowMs);
  const active = doubles.find(({ is_retired: isRetired }) => !isRetired);
  const reason = active === undefined ? null : refusalOf(accountId, active);
  await connection.query(
    `update landing.account set refused_because = $2
     where account_id = $1 and refused_because is distinct from $2`,
    [accountId, reason],
  );
  if (reason !== null) return reason;
  for (const { account_id: predecessorId } of doubles) {
    // It ended, and this one goes on: what it has charged stays with it.
    await connection.query(
      `insert into landing.account_succession (account_id, predecessor_id, keeps_before)
       values ($1, $2, 'infinity') on conflict do nothing`,
      [accountId, predecessorId],
    );
  }
  return null;
}

async function findDoubles(
  connection: pg.ClientBase | pg.Pool,
  accountId: string,
  nowMs: number,
): Promise<Double[]> {
  const parameters = { account_id: accountId, now: new Date(nowMs) };
  const read = async (file: string): Promise<Double[]> =>
    (await connection.query<Double>(await sqlFile(file, { parameters }))).rows;
  const { rows } = await connection.query<{ has_landed: boolean; has_peers: boolean }>(
    `select
       exists (select from landing.watermark where account_id = $1) as has_landed,
       exists (
         select from landing.account
         join landing.account as peer on peer.account_id <> account.account_id
         where account.account_id = $1 and (peer.provider = account.provider) is not false
       ) as has_peers`,
    [accountId],
  );
  const hasLanded = rows[0]?.has_landed === true;
  // Planning the comparison over every product takes half a second: only where there is one to make.
  const hasPeers = rows[0]?.has_peers === true;
  if (hasLanded) {
    await connection.query(await sqlFile('transforms/identity/keep_identities', { parameters }));
  }
  return [
    ...(await read('transforms/identity/find_same_customer')),
    ...(hasLanded && hasPeers ? await read('transforms/identity/find_same_resources') : []),
  ];
}

function refusalOf(accountId: string, { account_id: other, kind, resources }: Double): string {
  const same = resources === null ? `the same ${kind}` : counted(resources, 'resource');
  const shares =
    kind === null
      ? `it shares ${same} with account ${other}`
      : `it has ${same} as account ${other}`;
  return (
    `account ${accountId} is not charged, since ${shares}: ` +
    `run \`meterhouse account rename ${other} ${accountId}\` if it is that account under a new name, ` +
    `\`meterhouse account retire ${other} --at INSTANT\` if that one has ended, ` +
    'or remove one of them from the configuration'
  );
}

/** Part of a transform: keeps whose the accounts with new records are. */
export async function keepIdentities(connection: pg.ClientBase, nowMs: number): Promise<void> {
  const { rows } = await connection.query<{ account_id: string }>(
    `select account_id from landing.account
     where admitted_at is not null and exists (
       select from taken_change where taken_change.account_id = account.account_id
     )
     order by account_number`,
  );
  for (const { account_id: accountId } of rows) {
    await runStep(connection, 'transforms/identity/keep_identities', {
      account_id: accountId,
      now: new Date(nowMs),
    });
  }
}

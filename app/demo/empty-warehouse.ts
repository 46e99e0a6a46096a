/** Empties the database that a demo is given on a server of the user's: each demo begins anew. */

import { UsageError } from '../../foundation/errors.ts';
import { openDatabase } from '../database.ts';

/** Every schema that the product makes. */
const SCHEMAS = [
  'landing',
  'staging',
  'intermediate',
  'ledger',
  'mart',
  'reference',
  'history',
  'notify',
  'meterhouse',
];

/**
 * Drops the product's schemas. Throws UsageError when they hold anything but the demo's accounts,
 * or are not the product's at all: nobody's books are lost to a demo.
 */
export async function emptyWarehouse(url: string, demoAccounts: readonly string[]): Promise<void> {
  const database = await openDatabase({ kind: 'url', url }, 1);
  try {
    const { rows } = await database.pool.query<{ schema: string }>(
      'select schema_name as schema from information_schema.schemata where schema_name = any($1)',
      [SCHEMAS],
    );
    const found = rows.map(({ schema }) => schema);
    if (found.length === 0) return;
    const isOurs = found.includes('meterhouse');
    const strangers = isOurs ? await otherAccounts(database.pool, demoAccounts) : [];
    if (!isOurs || strangers.length > 0) {
      const why = isOurs ? `the account ${strangers[0]}` : `a schema ${found[0]}`;
      throw new UsageError(
        `the demo empties its database, and ${database.description} holds ${why} that is not the demo's: name another database`,
      );
    }
    await database.pool.query(`drop schema ${found.join(', ')} cascade`);
  } finally {
    await database.close();
  }
}

async function otherAccounts(
  pool: Awaited<ReturnType<typeof openDatabase>>['pool'],
  demoAccounts: readonly string[],
): Promise<string[]> {
  const { rows } = await pool.query<{ account_id: string }>(
    'select distinct account_id from landing.watermark where account_id <> all($1)',
    [demoAccounts],
  );
  return rows.map((row) => row.account_id);
}

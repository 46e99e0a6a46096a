/**
 * Brings the reference tables to what the files say. A row that changed or went is superseded, a
 * new one added: what was believed at any time stays on record.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { sqlFile } from '../../foundation/sql/sql-file.ts';
import type { ReferenceData } from './read-reference.ts';

export type { ReferenceData } from './read-reference.ts';

/** A provider whose prices, contracts or billing changed, and since when the change matters. */
export interface ChangedProvider {
  readonly provider: string;
  readonly from: Date;
}

/** Runs inside the caller's transaction. Returns what changed, empty when nothing did. */
export async function loadReference(
  connection: pg.ClientBase,
  reference: ReferenceData,
  nowMs: number,
): Promise<ChangedProvider[]> {
  const fingerprint = createHash('sha256').update(JSON.stringify(reference)).digest();
  const { rowCount } = await connection.query(
    `insert into reference.loaded as held (fingerprint) values ($1)
     on conflict (is_only_row) do update set fingerprint = excluded.fingerprint
     where held.fingerprint <> excluded.fingerprint`,
    [fingerprint],
  );
  if (rowCount === 0) return [];
  const changed: ChangedProvider[] = [];
  for (const [step, rows] of [
    ['transforms/reference/load_rates', reference.rates],
    ['transforms/reference/load_contracts', reference.contracts],
    ['transforms/reference/load_billing_bases', reference.billingBases ?? []],
    ['transforms/reference/load_exchange_rates', reference.exchangeRates],
  ] as const) {
    const statement = await sqlFile(step, {
      parameters: { rows: JSON.stringify(rows), now: new Date(nowMs) },
    });
    const result = await connection.query<ChangedProvider>(statement);
    changed.push(...result.rows);
  }
  return changed;
}

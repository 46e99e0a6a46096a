/**
 * Brings the reference tables to what the files say. A row that changed or went is superseded, a
 * new one added: what was believed at any time stays on record.
 */
import type pg from 'pg';
import { sqlFile } from '../../foundation/sql/sql-file.ts';
import { recordRefused, recordTaken } from './file-state.ts';
import type { ReferenceData } from './read-reference.ts';

export type { ReferenceData } from './read-reference.ts';

/** A provider whose prices, contracts or billing changed, and since when the change matters. */
export interface ChangedProvider {
  readonly provider: string;
  readonly from: Date;
}

const LOADERS = [
  ['rates', 'load_rates', ({ rates }: ReferenceData) => rates],
  ['contracts', 'load_contracts', ({ contracts }: ReferenceData) => contracts],
  ['billing_bases', 'load_billing_bases', (data: ReferenceData) => data.billingBases ?? []],
  ['exchange_rates', 'load_exchange_rates', (data: ReferenceData) => data.exchangeRates],
] as const;

/**
 * Runs inside the caller's transaction. Returns what changed, empty when nothing did. A kind that is
 * refused keeps the rows in force. Throws DefectListError when it never had any: nothing can be
 * charged rightly before its files are mended.
 */
export async function loadReference(
  connection: pg.ClientBase,
  reference: ReferenceData,
  nowMs: number,
): Promise<ChangedProvider[]> {
  const refused = reference.refused ?? [];
  await recordRefused(connection, refused, nowMs);
  const changed: ChangedProvider[] = [];
  for (const [kind, step, rowsOf] of LOADERS) {
    if (refused.some((one) => one.kind === kind)) continue;
    const rows = JSON.stringify(rowsOf(reference));
    const read = { kind, files: reference.files?.[kind] ?? [], content: rows };
    if (!(await recordTaken(connection, read, nowMs))) continue;
    const statement = await sqlFile(`transforms/reference/${step}`, {
      parameters: { rows, now: new Date(nowMs) },
    });
    const result = await connection.query<ChangedProvider>(statement);
    changed.push(...result.rows);
  }
  const { allocation = null, files } = reference;
  if (files?.budgets?.length === 0) {
    await recordTaken(connection, { kind: 'budgets', files: [], content: 'none' }, nowMs);
  }
  if (allocation !== 'kept') {
    const content = JSON.stringify(allocation);
    await recordTaken(
      connection,
      { kind: 'allocation', files: files?.allocation ?? [], content },
      nowMs,
    );
  }
  return changed;
}

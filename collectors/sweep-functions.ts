/** The two functions of landing that record a complete sweep, as calls: migration 0005 says what they do. */
import type pg from 'pg';
import type { LandedSweep, SweepCost, SweepIdentity } from './landing.ts';

/** What a complete sweep read: how many pages or files, and a digest that is the same while they are. */
export interface ReadSweep {
  readonly identity: SweepIdentity;
  readonly cost: SweepCost;
  readonly pages: number;
  readonly pagesHash: Buffer;
}

/** Notes a sweep that read what the last complete one did; null, and nothing noted, when it did not. */
export async function noteUnchangedSweep(
  connection: pg.ClientBase | pg.Pool,
  { identity, cost, pages, pagesHash }: ReadSweep,
): Promise<LandedSweep | null> {
  const { accountId, stream, slice, startedAtMs, lockHolder = null } = identity;
  const { rows } = await connection.query<{ records: number | null }>({
    name: 'note_unchanged_sweep',
    text: `select (
             select records from landing.watermark
             where account_id = $1 and stream = $2 and slice = $3
           ) as records
           where ($10::text is null
               or exists (select from landing.stream_lock where holder = $10))
             and landing.note_unchanged_sweep($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      accountId,
      stream.id,
      slice.name,
      new Date(startedAtMs),
      Math.round(cost.durationMs),
      cost.counters.requests,
      cost.counters.retries,
      pages,
      pagesHash,
      lockHolder,
    ],
  });
  const row = rows[0];
  if (row === undefined) return null;
  return {
    records: row.records ?? 0,
    recordsNew: 0,
    recordsChanged: 0,
    recordsGone: 0,
    recordsQuarantined: 0,
  };
}

/** Lands what `pg_temp.incoming` holds, in the caller's transaction. */
export async function applySweep(
  connection: pg.ClientBase,
  { identity, cost, pages, pagesHash }: ReadSweep,
  unknownFields: readonly string[],
): Promise<LandedSweep> {
  const { accountId, stream, slice, startedAtMs } = identity;
  const windowed = stream.entities.filter((entity) => entity.absence === 'unknown');
  const { rows } = await connection.query<LandedSweep>({
    name: 'apply_sweep',
    text: `select records, records_new as "recordsNew", records_changed as "recordsChanged",
             records_gone as "recordsGone", records_quarantined as "recordsQuarantined"
           from landing.apply_sweep($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      accountId,
      stream.id,
      slice.name,
      stream.entities.map((entity) => entity.name),
      windowed.map((entity) => entity.name),
      new Date(startedAtMs),
      Math.round(cost.durationMs),
      cost.counters.requests,
      cost.counters.retries,
      pages,
      pagesHash,
      unknownFields,
    ],
  });
  const landed = rows[0];
  if (landed === undefined) throw new Error('apply_sweep returned nothing');
  return landed;
}

/** Sweeps that land nothing: recorded all the same, since coverage and alerts are held against them. */
import type pg from 'pg';
import type { SweepCost, SweepIdentity } from './landing.ts';
import type { Stream } from './stream.ts';

/** A sweep that did not complete: recorded, so that silence is never read as "nothing there". */
export async function recordIncompleteSweep(
  connection: pg.ClientBase | pg.Pool,
  identity: SweepIdentity,
  outcome: 'failed' | 'denied',
  error: string,
  cost: SweepCost,
): Promise<void> {
  await connection.query({
    name: 'record_incomplete_sweep',
    text: `insert into landing.sweep (
             account_id, stream, slice, started_at, duration_ms, outcome, error, requests, retries,
             pages, records, records_new, records_changed, records_gone, records_quarantined
           ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, 0, 0, 0)`,
    values: [
      identity.accountId,
      identity.stream.id,
      identity.slice.name,
      new Date(identity.startedAtMs),
      Math.round(cost.durationMs),
      outcome,
      error,
      cost.counters.requests,
      cost.counters.retries,
    ],
  });
}

/**
 * A stream that is cut by the records of another one, which lists none: it is known whole, without a
 * request. Nothing is recorded before that one was ever read.
 */
export async function recordNothingToAsk(
  connection: pg.ClientBase | pg.Pool,
  accountId: string,
  { id, slices }: Stream,
  nowMs: number,
): Promise<void> {
  if (slices.kind !== 'per-record') return;
  await connection.query({
    name: 'record_nothing_to_ask',
    text: `insert into landing.sweep (
             account_id, stream, slice, started_at, duration_ms, outcome, requests, retries,
             pages, records, records_new, records_changed, records_gone, records_quarantined
           )
           select $1, $2, '', $3, 0, 'complete', 0, 0, 0, 0, 0, 0, 0, 0
           where exists (
             select from landing.watermark where account_id = $1 and stream = $4
           )`,
    values: [accountId, id, new Date(nowMs), slices.listedBy],
  });
}

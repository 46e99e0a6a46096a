/** Reports and budgets that could not be made: on the record of what is set aside, by their names. */
import type pg from 'pg';
import type { Fault } from './contain.ts';

export type ResultKind = 'report' | 'budget';

export interface ResultFault extends Fault {
  readonly name: string;
}

/**
 * Brings the record of `kind` to what was found at `now`: those that failed are on it, and no other
 * one that was tried. `tried`: names, or null for all there are.
 */
export async function recordResults(
  connection: pg.ClientBase | pg.Pool,
  kind: ResultKind,
  tried: readonly string[] | null,
  faults: readonly ResultFault[],
  now: Date,
): Promise<void> {
  await connection.query(
    `with fault as (
       select * from jsonb_to_recordset($3) as fault (name text, sqlstate text, reason text)
     ),
     made as (
       delete from ledger.set_aside as held
       where held.step = $1 and ($2::text[] is null or held.record_key = any ($2))
         and held.record_key not in (select name from fault)
     )
     insert into ledger.set_aside as held (
       product, step, account_id, entity, record_key, sqlstate, reason, first_at, last_at
     )
     select $1 || 's', $1, '', $1, name, sqlstate, reason, $4, $4
     from fault
     on conflict on constraint set_aside_once do update
     set last_at = excluded.last_at, attempts = held.attempts + 1,
       sqlstate = excluded.sqlstate, reason = excluded.reason`,
    [kind, tried, JSON.stringify(faults), now],
  );
}

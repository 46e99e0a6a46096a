/**
 * The record of what is set aside. A resource's ledger entries, accruals and description stay as they
 * were; it is computed again when its inputs change, after an hour, and in every full run.
 */
import type pg from 'pg';
import { attempt, contain } from './contain.ts';

export type SetAsideStep = 'change' | 'resource' | 'scope' | 'charge' | 'movement';

interface Place {
  readonly product: string;
  readonly step: SetAsideStep;
  readonly now: Date;
}

/** How long what did not work is left alone while nothing about it changes. */
const RETRY_AFTER = '1 hour';
const CHANGE_COLUMNS = 'account_id, entity, slice, record_key, version_id, kind, previous_seen_to';

/** Call it first in the transform's transaction; notes what this run sets aside. */
export async function beginSetAside(connection: pg.ClientBase): Promise<void> {
  await connection.query(
    'create temporary table set_aside_now (set_aside_id bigint not null) on commit drop',
  );
}

/** Takes changes into `taken_change` again that could not be read, when it is time. */
export async function retryChanges(connection: pg.ClientBase, now: Date): Promise<void> {
  await connection.query(
    `insert into taken_change (${CHANGE_COLUMNS})
     select distinct account_id, entity, slice, record_key, version_id, change_kind,
       previous_seen_to
     from ledger.set_aside
     where step = 'change' and last_at <= $1::timestamptz - interval '${RETRY_AFTER}'`,
    [now],
  );
}

/** Runs a product's statement over `taken_change`; changes that it cannot read are recorded. */
export async function overChanges(
  connection: pg.ClientBase,
  product: string,
  now: Date,
  work: () => Promise<unknown>,
): Promise<void> {
  const faulty = await contain(connection, {
    table: 'taken_change',
    columns: CHANGE_COLUMNS,
    keepsFaulty: true, // other products may be able to read them
    work,
  });
  if (faulty > 0) {
    await record(
      connection,
      { product, step: 'change', now },
      `select account_id, null::text as resource_id, null::date as from_date, entity, slice,
         record_key, version_id, kind as change_kind, previous_seen_to, sqlstate, reason
       from faulty_row`,
    );
  }
}

/** Resources that were set aside and have changed, or whose time has come, count as changed. */
export async function retryResources(
  connection: pg.ClientBase,
  now: Date,
  isFull: boolean,
): Promise<void> {
  await connection.query(
    `insert into changed_resource (account_id, resource_id, from_at)
     select set_aside.account_id, set_aside.resource_id,
       set_aside.from_date::timestamp at time zone 'UTC'
     from ledger.set_aside
     where set_aside.resource_id is not null
       and (
         $2 or set_aside.last_at <= $1::timestamptz - interval '${RETRY_AFTER}'
         or exists (
           select from changed_resource as changed
           where changed.account_id = set_aside.account_id
             and changed.resource_id = set_aside.resource_id
         )
       )`,
    [now, isFull],
  );
}

/** The same over `changed_resource` or `scope`; resources for which it fails are taken out of it. */
export async function overResources(
  connection: pg.ClientBase,
  place: Place & { readonly table: 'changed_resource' | 'scope' },
  work: () => Promise<unknown>,
): Promise<void> {
  const { table } = place;
  const from = table === 'scope' ? 'from_date' : 'from_at';
  const columns = `account_id, resource_id, ${from}`;
  const faulty = await contain(connection, { table, columns, keepsFaulty: false, work });
  if (faulty === 0) return;
  const day = table === 'scope' ? 'min(from_date)' : `min((from_at at time zone 'UTC')::date)`;
  await record(
    connection,
    place,
    `select account_id, resource_id,
       case when bool_or(${from} is null) then '-infinity'::date else ${day} end as from_date,
       null::text as entity, null::text as slice, null::text as record_key,
       null::bigint as version_id, null::text as change_kind,
       null::timestamptz as previous_seen_to, min(sqlstate collate "C") as sqlstate,
       min(reason collate "C") as reason
     from faulty_row
     group by account_id, resource_id`,
  );
}

/** A product's statement that reads no temporary table: it works, or is left out of this run. */
export async function whole(
  connection: pg.ClientBase,
  product: string,
  now: Date,
  work: () => Promise<unknown>,
): Promise<void> {
  const fault = await attempt(connection, work);
  if (fault === null) return;
  await connection.query(
    `create temporary table if not exists faulty_whole (sqlstate text, reason text) on commit drop`,
  );
  await connection.query('delete from faulty_whole');
  await connection.query('insert into faulty_whole (sqlstate, reason) values ($1, $2)', [
    fault.sqlstate,
    fault.reason,
  ]);
  await record(
    connection,
    { product, step: 'movement', now },
    `select '' as account_id, null::text as resource_id, null::date as from_date,
       null::text as entity, null::text as slice, null::text as record_key,
       null::bigint as version_id, null::text as change_kind,
       null::timestamptz as previous_seen_to, sqlstate, reason
     from faulty_whole`,
  );
}

/** Takes out of `scope` what is set aside and only moved by time, and what this run has set aside. */
export async function leaveOutOfScope(connection: pg.ClientBase): Promise<void> {
  await connection.query(
    `delete from scope
     using ledger.set_aside
     where set_aside.account_id = scope.account_id
       and set_aside.resource_id = scope.resource_id
       and (
         set_aside.set_aside_id in (select set_aside_id from set_aside_now)
         or not exists (
           select from changed_resource as changed
           where changed.account_id = scope.account_id and changed.resource_id = scope.resource_id
         )
       )`,
  );
}

/** Charges that another product gave for a resource that this run has set aside are left out too. */
export async function leaveOutCharges(connection: pg.ClientBase): Promise<void> {
  await connection.query(
    `delete from product_charge
     using ledger.set_aside
     join set_aside_now using (set_aside_id)
     where set_aside.account_id = product_charge.account_id
       and set_aside.resource_id = product_charge.resource_id`,
  );
}

/** Forgets what was computed again and worked. Returns how many rows this run has set aside. */
export async function endSetAside(connection: pg.ClientBase, isFull: boolean): Promise<number> {
  await connection.query(
    `delete from ledger.set_aside
     where set_aside_id not in (select set_aside_id from set_aside_now)
       and (
         exists (
           select from changed_resource as changed
           where changed.account_id = set_aside.account_id
             and changed.resource_id = set_aside.resource_id
         )
         or (step = 'change' and $1)
         or (step = 'change' and exists (
           select from taken_change as taken
           where taken.account_id = set_aside.account_id and taken.entity = set_aside.entity
             and taken.slice = set_aside.slice and taken.record_key = set_aside.record_key
             and taken.version_id >= set_aside.version_id
         ))
         or step = 'movement'
       )`,
    [isFull],
  );
  const { rows } = await connection.query<{ count: number }>(
    'select count(*) as count from set_aside_now',
  );
  return rows[0]?.count ?? 0;
}

/** `faults` gives the columns of the record that differ from row to row. */
async function record(
  connection: pg.ClientBase,
  { product, step, now }: Place,
  faults: string,
): Promise<void> {
  await connection.query(
    `with recorded as (
       insert into ledger.set_aside as held (
         product, step, account_id, resource_id, from_date, entity, slice, record_key, version_id,
         change_kind, previous_seen_to, sqlstate, reason, source_versions, first_at, last_at
       )
       select $1, $2, fault.account_id, fault.resource_id, fault.from_date, fault.entity,
         fault.slice, fault.record_key, fault.version_id, fault.change_kind,
         fault.previous_seen_to, fault.sqlstate, fault.reason,
         coalesce(
           (
             select array_agg(version.version_id order by version.version_id)
             from landing.version
             where version.account_id = fault.account_id and version.ended_at is null
               and version.record_key = fault.resource_id
           ),
           array_remove(array[fault.version_id], null)
         ),
         $3, $3
       from (${faults}) as fault
       on conflict on constraint set_aside_once do update
       set last_at = excluded.last_at, attempts = held.attempts + 1,
         sqlstate = excluded.sqlstate, reason = excluded.reason,
         from_date = least(held.from_date, excluded.from_date)
       returning set_aside_id
     )
     insert into set_aside_now (set_aside_id) select set_aside_id from recorded`,
    [product, step, now],
  );
}

/**
 * The only writer to landing. A sweep's pages go to a temporary table as the provider sent them
 * (PostgreSQL splits and hashes them, so that no number passes through JavaScript); then one call
 * compares them with what was landed and writes only what differs.
 */
import { createHash, type Hash } from 'node:crypto';
import type pg from 'pg';
import type { RequestCounters } from './http/client.ts';
import type { Page } from './http/read-pages.ts';
import type { Entity, Slice, Stream } from './stream.ts';
import { type RecordDefect, validateRecords } from './validate-records.ts';

/** What one sweep of one slice found and wrote. */
export interface LandedSweep {
  readonly records: number;
  readonly recordsNew: number;
  readonly recordsChanged: number;
  readonly recordsGone: number;
  readonly recordsQuarantined: number;
}

/** Who, what and when of one sweep; `startedAtMs` is the run's clock. */
export interface SweepIdentity {
  readonly accountId: string;
  readonly stream: Stream;
  readonly slice: Slice;
  readonly startedAtMs: number;
}

export interface SweepCost {
  readonly counters: RequestCounters;
  readonly durationMs: number;
}

/**
 * One sweep of one slice on its way into landing. Pages are kept as text until the last one has
 * come: only then is it known whether anything differs from the last complete sweep.
 */
export class SweepLanding {
  readonly #connection: pg.ClientBase;
  readonly #identity: SweepIdentity;
  readonly #hash: Hash;
  #pages: Page[] = [];

  constructor(connection: pg.ClientBase, identity: SweepIdentity) {
    this.#connection = connection;
    this.#identity = identity;
    this.#hash = createHash('sha256').update(streamFingerprint(identity.stream));
  }

  addPage(page: Page): void {
    this.#pages.push(page);
    this.#hash.update(page.text).update('\0');
  }

  /** Writes the sweep. Returns what it changed. */
  async commit(cost: SweepCost): Promise<LandedSweep> {
    const pagesHash = this.#hash.digest();
    const unchanged = await this.#noteUnchanged(pagesHash, cost);
    if (unchanged !== null) return unchanged;
    await prepareIncoming(this.#connection);
    await this.#connection.query('begin');
    try {
      const unknownFields = await this.#fillIncoming();
      const landed = await this.#apply(pagesHash, unknownFields, cost);
      await this.#connection.query('commit');
      return landed;
    } catch (error) {
      await this.#connection.query('rollback').catch(() => undefined); // the first error is the news
      throw error;
    }
  }

  async #noteUnchanged(pagesHash: Buffer, cost: SweepCost): Promise<LandedSweep | null> {
    const { accountId, stream, slice, startedAtMs } = this.#identity;
    const { rows } = await this.#connection.query<{ records: number | null }>({
      name: 'note_unchanged_sweep',
      text: `select (
               select records from landing.watermark
               where account_id = $1 and stream = $2 and slice = $3
             ) as records
             where landing.note_unchanged_sweep($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        accountId,
        stream.id,
        slice.name,
        new Date(startedAtMs),
        Math.round(cost.durationMs),
        cost.counters.requests,
        cost.counters.retries,
        this.#pages.length,
        pagesHash,
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

  /** Returns the names of top-level fields that no schema knows (drift), sorted. */
  async #fillIncoming(): Promise<string[]> {
    const unknownFields = new Set<string>();
    let records = 0;
    for (const page of this.#pages) {
      for (const entity of this.#identity.stream.entities) {
        const report = validateRecords(entity, page.body);
        records += report.records;
        for (const field of report.unknownFields) unknownFields.add(`${entity.name}.${field}`);
        await insertIncoming(this.#connection, entity, page, report.defects);
      }
    }
    if (this.#pages.length > 1) await dropEarlierDuplicates(this.#connection);
    if (records >= RECORDS_MANY) await this.#connection.query('analyze pg_temp.incoming');
    return [...unknownFields].sort();
  }

  async #apply(
    pagesHash: Buffer,
    unknownFields: readonly string[],
    cost: SweepCost,
  ): Promise<LandedSweep> {
    const { accountId, stream, slice, startedAtMs } = this.#identity;
    const windowed = stream.entities.filter((entity) => entity.absence === 'unknown');
    const { rows } = await this.#connection.query<LandedSweep>({
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
        this.#pages.length,
        pagesHash,
        unknownFields,
      ],
    });
    this.#pages = [];
    const landed = rows[0];
    if (landed === undefined) throw new Error('apply_sweep returned nothing');
    return landed;
  }
}

/** A sweep that did not complete: recorded, so that silence is never read as "nothing there". */
export async function recordIncompleteSweep(
  connection: pg.ClientBase,
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

/** From here on PostgreSQL needs statistics to plan well. */
const RECORDS_MANY = 1_000;

/** Sessions that have the temporary table already. */
const preparedSessions = new WeakSet<pg.ClientBase>();

/** Each commit empties the table, which costs next to nothing; a TRUNCATE would be a write of its own. */
async function prepareIncoming(connection: pg.ClientBase): Promise<void> {
  if (preparedSessions.has(connection)) return;
  await connection.query(
    `create temporary table incoming (
       entity text not null,
       record_key text,
       content_hash bytea not null,
       payload jsonb not null,
       reason text
     ) on commit delete rows`,
  );
  preparedSessions.add(connection);
}

/** A record that two pages hold counts as the later page has it. */
async function dropEarlierDuplicates(connection: pg.ClientBase): Promise<void> {
  await connection.query(
    `delete from pg_temp.incoming as earlier using pg_temp.incoming as later
     where earlier.entity = later.entity and earlier.record_key = later.record_key
       and earlier.ctid < later.ctid`,
  );
}

/** The declarations that decide how an answer is cut: when they change, equal bytes mean nothing. */
function streamFingerprint(stream: Stream): string {
  return JSON.stringify(
    stream.entities.map(({ name, records, key, keyCase, omit }) => [
      name,
      records,
      key,
      keyCase,
      omit,
    ]),
  );
}

const ELEMENTS = {
  array: `jsonb_array_elements(body #> $3::text[]) with ordinality as record (element, place)`,
  object: `lateral (values (body #> $3::text[], 1)) as record (element, place)`,
  map: `lateral (
      select value as element, key as place
      from jsonb_each(body #> $3::text[])
      where jsonb_typeof(value) = 'object'
    ) as record`,
} as const;

/** How many parameters stand before the key paths. */
const FIXED_PARAMETERS = 7;

async function insertIncoming(
  connection: pg.ClientBase,
  entity: Entity,
  page: Page,
  defects: readonly RecordDefect[],
): Promise<void> {
  const { shape, path } = entity.records;
  const keyTexts = entity.key.map((_, index) => `(element #>> $${FIXED_PARAMETERS + 1 + index})`);
  const joined = keyTexts.length === 0 ? `''` : keyTexts.join(` || '/' || `);
  const key = shape === 'map' ? 'place' : joined;
  await connection.query({
    name: `insert_incoming_${entity.name}`,
    text: `with answer as materialized (select $2::jsonb as body),
           records as (
             select ${entity.keyCase === 'lower' ? `lower(${key})` : key} as record_key,
               place::text as place,
               case jsonb_typeof(element) when 'object' then element - $4::text[] else element end
                 as payload
             from answer, ${ELEMENTS[shape]}
             where element is not null
           ),
           judged as (
             select case when defect.has_key is not false then record_key end as record_key,
               place, payload, defect.reason
             from records
             left join unnest($5::text[], $6::text[], $7::boolean[])
               as defect (place, reason, has_key) using (place)
           )
           insert into pg_temp.incoming (entity, record_key, content_hash, payload, reason)
           select distinct on (coalesce('key ' || record_key, 'place ' || place))
             $1, record_key, sha256(convert_to(payload::text, 'UTF8')), payload, reason
           from judged
           order by coalesce('key ' || record_key, 'place ' || place), length(place) desc, place desc`,
    values: [
      entity.name,
      page.text,
      [...path],
      [...(entity.omit ?? [])],
      defects.map((defect) => defect.place),
      defects.map((defect) => defect.reason),
      defects.map((defect) => defect.hasKey),
      ...entity.key.map((keyPath) => [...keyPath]),
    ],
  });
}

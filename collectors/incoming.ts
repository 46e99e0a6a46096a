/**
 * The records of one sweep on their way into landing. A page goes to PostgreSQL as the provider sent
 * it, which splits and hashes it, so that no number passes through JavaScript. Pages of a long listing
 * wait in an unlogged table until the last one has come.
 */
import type pg from 'pg';
import { UnavailableError } from '../foundation/errors.ts';
import type { Entity } from './stream.ts';
import type { RecordDefect } from './validate-records.ts';
import { KEY_BYTES_MAX } from './validate-records.ts';

/** One answer without its parsed copy: its text, and what is wrong with which of its records. */
export interface CheckedPage {
  readonly text: string;
  readonly defects: readonly EntityDefect[];
}

export interface EntityDefect extends RecordDefect {
  readonly entity: string;
}

/** Keeps pages that are too many for memory. `holder` is the stream lock's. */
export async function storePages(
  connection: pg.ClientBase | pg.Pool,
  holder: string,
  first: number,
  pages: readonly CheckedPage[],
): Promise<void> {
  for (const [index, { text, defects }] of pages.entries()) {
    await connection.query({
      name: 'store_incoming_page',
      text: `insert into landing.incoming_page (holder, page, answer, defects)
             values ($1, $2, $3, $4)`,
      values: [holder, first + index, text, JSON.stringify(defects)],
    });
  }
}

/** A crash of the server empties the table: without all its pages a listing is not complete. */
export async function assertPagesStored(
  connection: pg.ClientBase,
  holder: string,
  pages: number,
): Promise<void> {
  if (pages === 0) return;
  const { rows } = await connection.query<{ pages: number }>({
    name: 'count_incoming_pages',
    text: 'select count(*)::integer as pages from landing.incoming_page where holder = $1',
    values: [holder],
  });
  if (rows[0]?.pages === pages) return;
  throw new UnavailableError(
    `${rows[0]?.pages ?? 0} of ${pages} pages are left in the database, which was restarted: the next run reads the listing again`,
  );
}

export async function dropPages(
  connection: pg.ClientBase | pg.Pool,
  holder: string,
): Promise<void> {
  await connection.query({
    name: 'drop_incoming_pages',
    text: 'delete from landing.incoming_page where holder = $1',
    values: [holder],
  });
}

/**
 * The session's table of records, empty at the begin of each transaction: each commit empties it,
 * which costs next to nothing; a TRUNCATE would be a write of its own. Sessions may be shared by a
 * pooler, so that each transaction makes sure of it.
 */
export async function prepareIncoming(connection: pg.ClientBase): Promise<void> {
  await connection.query(
    `create temporary table if not exists incoming (
       entity text not null,
       record_key text,
       content_hash bytea not null,
       payload jsonb not null,
       reason text
     ) on commit delete rows`,
  );
}

/** A record that two pages hold counts as the later page has it. */
export async function dropEarlierDuplicates(connection: pg.ClientBase): Promise<void> {
  await connection.query(
    `delete from pg_temp.incoming as earlier using pg_temp.incoming as later
     where earlier.entity = later.entity and earlier.record_key = later.record_key
       and earlier.ctid < later.ctid`,
  );
}

/** A key of the entity that came on more than one page, or null. Each page gives each key once. */
export async function findKeyOnTwoPages(
  connection: pg.ClientBase,
  entity: string,
): Promise<string | null> {
  const { rows } = await connection.query<{ record_key: string }>(
    `select record_key from pg_temp.incoming
     where entity = $1 and record_key is not null
     group by record_key
     having count(*) > 1
     limit 1`,
    [entity],
  );
  return rows[0]?.record_key ?? null;
}

const ELEMENTS = {
  array: `jsonb_array_elements(body #> $1::text[]) with ordinality as record (element, place)`,
  object: `lateral (values (body #> $1::text[], 1)) as record (element, place)`,
  map: `lateral (
      select value as element, key as place
      from jsonb_each(body #> $1::text[])
      where jsonb_typeof(value) = 'object'
    ) as record`,
} as const;

/** How many parameters stand before the key paths. */
const FIXED_PARAMETERS = 5;

/** Splits one page into the records of an entity. `page`: itself, or its number among those stored. */
export async function insertIncoming(
  connection: pg.ClientBase,
  entity: Entity,
  page: CheckedPage | { readonly holder: string; readonly page: number },
): Promise<void> {
  const { shape, path } = entity.records;
  const keyTexts = entity.key.map((_, index) => `(element #>> $${FIXED_PARAMETERS + 1 + index})`);
  const joined = keyTexts.length === 0 ? `''` : keyTexts.join(` || '/' || `);
  const key = shape === 'map' ? 'place' : joined;
  const isStored = 'holder' in page;
  const answer = isStored
    ? `select answer::jsonb as body, incoming_page.defects
       from landing.incoming_page where holder = $4 and page = $5::integer`
    : `select $4::jsonb as body, $5::jsonb as defects`;
  await connection.query({
    name: `insert_incoming_${entity.name}${isStored ? '_stored' : ''}`,
    text: `with answer as materialized (${answer}),
           defect as materialized (
             select given.*
             from answer, jsonb_to_recordset(answer.defects)
               as given (entity text, place text, reason text, "hasKey" boolean)
             where given.entity = $3
           ),
           records as (
             select ${entity.keyCase === 'lower' ? `lower(${key})` : key} as record_key,
               place::text as place,
               case jsonb_typeof(element) when 'object' then element - $2::text[] else element end
                 as payload
             from answer, ${ELEMENTS[shape]}
             where element is not null
           ),
           judged as (
             select
               case
                 when defect.reason is null then record_key
                 when not defect."hasKey" then null
                 when octet_length(record_key) <= ${KEY_BYTES_MAX} then record_key
                 else left(record_key, 64) || '… sha256 '
                   || encode(sha256(convert_to(record_key, 'UTF8')), 'hex')
               end as record_key,
               place, payload, defect.reason
             from records
             left join defect using (place)
           )
           insert into pg_temp.incoming (entity, record_key, content_hash, payload, reason)
           select distinct on (coalesce('key ' || record_key, 'place ' || place))
             $3, record_key, sha256(convert_to(payload::text, 'UTF8')), payload, reason
           from judged
           order by coalesce('key ' || record_key, 'place ' || place), length(place) desc, place desc`,
    values: [
      [...path],
      [...(entity.omit ?? [])],
      entity.name,
      ...(isStored ? [page.holder, page.page] : [page.text, JSON.stringify(page.defects)]),
      ...entity.key.map((keyPath) => [...keyPath]),
    ],
  });
}

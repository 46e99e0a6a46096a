/**
 * Goal: a record that passes its schema breaks no cast behind it. Method: every field of every
 * entity's schema takes boundary values, one at a time; what the schema lets through is put into
 * landing, and each staging view must be able to read it.
 */
import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { PROVIDERS } from '../../../collectors/registry.ts';
import type { Entity, Stream } from '../../../collectors/stream.ts';
import { DECLARED, type JsonObject, objectsOf, SPECIMENS } from './specimen.ts';
import { useDatabase } from './world.ts';

const database = useDatabase();

const INSTANTS = [
  ...['0001', '1970', '1999', '2000', '2026', '2099', '2100', '9999'].map(
    (year) => `${year}-12-31T23:59:59Z`,
  ),
  '0000-01-01T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-10-15T24:00:00Z',
  '2026-10-15T23:59:60Z',
  '2026-10-15T10:00Z',
  '2026-10-15T10:00:00',
  '2026-10-15T10:00:00.123456789012345Z',
  '2026-10-15T10:00:00+14:59',
  '2026-10-15T10:00:00-15:59',
  '2026-10-15T10:00:00+23:59',
  '2026-10-15T10:00:00-00:00',
  '2026-10-15',
  '0001-01-01',
  '9999-12-31',
  '+002026-10-15T10:00:00.000000000Z',
  '+002999-10-15T10:00:00.000000000Z',
];
const NUMBERS = [
  0,
  -1,
  1,
  0.5,
  1e-7,
  5e-324,
  999_999_999,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  4_102_444_799,
  4_102_444_800,
  9_999_999_999,
  10_000_000_000,
  99_999_999_999,
  100_000_000_000,
  999_999_999_999_999,
  1e15,
  1e16,
  Number.MAX_SAFE_INTEGER,
  1e18,
  1e22,
  1e100,
  Number.MAX_VALUE,
];
const WORDS = ['', ' ', 'x', '.5', '5.', '1e5', '1E-99', '1e400', 'NaN', 'Infinity', 'infinity'];
const DIGITS = [9, 10, 11, 12, 13, 16, 20, 40].map((count) => '9'.repeat(count));
const BOUNDARIES: readonly unknown[] = [
  null,
  true,
  [],
  {},
  ...NUMBERS,
  ...NUMBERS.map(String),
  ...DIGITS,
  ...DIGITS.map((digits) => `-${digits}.${digits}`),
  ...WORDS,
  ...INSTANTS,
];

interface Variant {
  readonly entity: string;
  readonly slice: string;
  readonly field: string;
  readonly payload: string;
}

/** Paths of all fields that a schema names; `0` stands for the first element of a list. */
function fieldPaths(schema: z.core.$ZodType, path: readonly string[], found: string[][]): void {
  const def = schema._zod.def as unknown as Readonly<Record<string, unknown>>;
  const inner = def.innerType as z.core.$ZodType | undefined;
  if (inner !== undefined) {
    fieldPaths(inner, path, found);
    return;
  }
  if (path.length > 0) found.push([...path]);
  if (def.type === 'object') {
    for (const [name, field] of Object.entries(def.shape as Record<string, z.core.$ZodType>)) {
      fieldPaths(field, [...path, name], found);
    }
  }
  if (def.type === 'array') fieldPaths(def.element as z.core.$ZodType, [...path, '0'], found);
  if (def.type === 'record') fieldPaths(def.valueType as z.core.$ZodType, [...path, '*'], found);
  if (def.type === 'union') {
    for (const option of def.options as z.core.$ZodType[]) fieldPaths(option, path, found);
  }
}

/** The record with another value in a place, or null where the record has no such place. */
function withValue(record: JsonObject, path: readonly string[], value: unknown): JsonObject | null {
  const copy = structuredClone(record);
  let parent: unknown = copy;
  for (const [index, step] of path.entries()) {
    if (typeof parent !== 'object' || parent === null) return null;
    const name = step === '*' ? (Object.keys(parent)[0] ?? 'any') : step;
    if (index === path.length - 1) Reflect.set(parent, name, value);
    else parent = Reflect.get(parent, name);
  }
  return copy;
}

function variantsOf(stream: Stream, entity: Entity, body: unknown): Variant[] {
  const found: string[][] = [];
  fieldPaths(entity.schema, [], found);
  const paths = [...new Map(found.map((path) => [path.join('.'), path]))];
  const slice = stream.slices.kind === 'months' ? '2026-10' : 'parent';
  const seen = new Set<string>();
  return objectsOf(entity, body).flatMap((record) =>
    paths.flatMap(([field, path]) =>
      BOUNDARIES.flatMap((value) => {
        const changed = withValue(record, path, value);
        if (changed === null || !entity.schema.safeParse(changed).success) return [];
        for (const name of entity.omit ?? []) delete changed[name];
        const payload = JSON.stringify(changed);
        if (seen.has(payload)) return [];
        seen.add(payload);
        const written = `${field} = ${JSON.stringify(value)}`;
        return [{ entity: entity.name, slice, field: written, payload }];
      }),
    ),
  );
}

/** Each variant is landed in an account of its own, named by its number. */
async function plant(pool: pg.Pool, variants: readonly Variant[]): Promise<void> {
  await pool.query('delete from landing.version');
  await pool.query(
    `insert into landing.version (
       account_id, entity, slice, record_key, content_hash, payload, first_sweep_id, seen_from
     )
     select (place - 1)::text, entity, slice, 'key', sha256(convert_to(payload, 'UTF8')),
       payload::jsonb, 1, '2026-10-15T12:00:00Z'
     from unnest($1::text[], $2::text[], $3::text[]) with ordinality
       as variant (entity, slice, payload, place)`,
    [
      variants.map(({ entity }) => entity),
      variants.map(({ slice }) => slice),
      variants.map(({ payload }) => payload),
    ],
  );
}

/** Those of the variants that a view cannot read, with the server's words. */
async function broken(
  pool: pg.Pool,
  view: string,
  variants: readonly Variant[],
  numbers: readonly number[],
): Promise<string[]> {
  const error = await pool
    .query(`select count(row::text) from staging.${view} as row where account_id = any ($1)`, [
      numbers.map(String),
    ])
    .then(
      () => null,
      (reason: Error) => reason,
    );
  if (error === null) return [];
  const [only] = numbers;
  if (numbers.length === 1 && only !== undefined) {
    const variant = variants[only];
    return [`${view}: ${variant?.entity} ${variant?.field}: ${error.message}`];
  }
  const half = numbers.length / 2;
  return [
    ...(await broken(pool, view, variants, numbers.slice(0, half))),
    ...(await broken(pool, view, variants, numbers.slice(half))),
  ];
}

describe.each([...new Set(DECLARED.map(({ provider }) => provider.id))])('%s', (provider) => {
  const variants = SPECIMENS.filter((specimen) => specimen.provider.id === provider).flatMap(
    ({ stream, text }) =>
      stream.entities.flatMap((entity) => variantsOf(stream, entity, JSON.parse(text))),
  );
  let views: string[] = [];

  beforeAll(async () => {
    const { rows } = await database().pool.query<{ name: string }>(
      `select viewname as name from pg_views where schemaname = 'staging' order by viewname collate "C"`,
    );
    views = rows.map(({ name }) => name);
    await plant(database().pool, variants);
  });

  test('every value that a schema lets through can be read by every staging view', async () => {
    expect(variants.length).toBeGreaterThan(100);
    expect(views.length).toBeGreaterThan(40);
    const numbers = variants.map((_, index) => index);
    const found: string[] = [];
    for (const view of views)
      found.push(...(await broken(database().pool, view, variants, numbers)));
    expect(found).toEqual([]);
  });
});

describe('a value that is not plausible is set aside, though it could be cast', () => {
  const entityOf = (name: string): Entity => {
    const entities = PROVIDERS.flatMap(({ streams }) =>
      streams.flatMap((stream) => stream.entities),
    );
    const entity = entities.find((candidate) => candidate.name === name);
    if (entity === undefined) throw new Error(`no entity ${name}`);
    return entity;
  };
  const isSound = (name: string, path: readonly string[], value: unknown): boolean => {
    const entity = entityOf(name);
    const specimen = SPECIMENS.find(({ stream }) => stream.entities.includes(entity));
    const [record] = objectsOf(entity, JSON.parse(specimen?.text ?? '{}'));
    const changed = record === undefined ? null : withValue(record, path, value);
    if (changed === null) throw new Error(`no ${path.join('.')} in ${name}`);
    return entity.schema.safeParse(changed).success;
  };

  test.each([
    ['flexmetal.server', ['releasedAt'], 0, 1, 946_684_800],
    ['flexmetal.server', ['deliveredAt'], '1790812800', '86400', '0'],
    ['flexmetal.quota', ['quotaUsage', '0', 'quota'], 1_000_000, 3_000_000_000, 0],
    ['flexmetal.commit_capacity', ['commits', '0', 'capacity'], 1_000_000, 3_000_000_000, 0],
    ['flexmetal.usage', ['totalHours'], 744, 1_000_000, 0],
    ['voltage_park.bare_metal_rental', ['node_count'], 40_000, 40_001, 0],
    [
      'fluence.vm',
      ['createdAt'],
      '2099-12-31T23:59:59Z',
      '2100-01-01T00:00:00Z',
      '2000-01-01T00:00:00Z',
    ],
  ])('%s %j: %j is, %j is not, %j is', (name, path, good, bad, other) => {
    expect([good, bad, other].map((value) => isSound(name, path, value))).toEqual([
      true,
      false,
      true,
    ]);
  });
});

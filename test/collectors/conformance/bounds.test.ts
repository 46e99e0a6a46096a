/**
 * Goal: a record that passes its schema breaks no cast behind it. Method: every field of every
 * entity's schema takes boundary values, one at a time; what the schema lets through is put into
 * landing, and each staging view must be able to read it.
 */
import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROVIDERS } from '../../../collectors/registry.ts';
import type { Entity } from '../../../collectors/stream.ts';
import { type Variant, variantsOf, withValue } from './boundaries.ts';
import { DECLARED, objectsOf, SPECIMENS } from './specimen.ts';
import { useDatabase } from './world.ts';

const database = useDatabase();

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
    ['voltage_park.storage_volume', ['rate_hourly'], '999999.99', '1000000', '-1.5'],
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

/**
 * Goal: what the providers' documents show is what the streams read. Method: every stream of the
 * registry sweeps its fixture through the production runner, twice and later.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { recordsOf } from '../../../collectors/validate-records.ts';
import { unseenFields } from './field-paths.ts';
import {
  bodyOf,
  DECLARED,
  fixtureName,
  fixtureNamesOnDisk,
  keyOf,
  SPECIMENS,
  type Specimen,
} from './specimen.ts';
import { UNDOCUMENTED_FIELDS } from './undocumented-fields.ts';
import { CANARY, useDatabase, World } from './world.ts';

const database = useDatabase();

async function served(specimen: Specimen): Promise<World> {
  const world = await World.open(database(), specimen);
  onTestFinished(() => world.close());
  await world.serve();
  return world;
}

describe('the fixtures', () => {
  test('are complete: each stream has one', () => {
    const there = new Set(fixtureNamesOnDisk());
    const missing = DECLARED.map(({ provider, stream }) => fixtureName(provider, stream));
    expect(missing.filter((name) => !there.has(name))).toEqual([]);
  });

  test('belong to a stream', () => {
    const names = new Set(DECLARED.map(({ provider, stream }) => fixtureName(provider, stream)));
    expect(fixtureNamesOnDisk().filter((name) => !names.has(name))).toEqual([]);
  });
});

describe.each(SPECIMENS)('$stream.id', (specimen) => {
  const { stream } = specimen;

  test('lands every record of its fixture under a key of its own', async () => {
    const world = await served(specimen);
    const body = bodyOf(specimen);
    const names = await world.sliceNames(1);
    const expected = names.flatMap((slice) =>
      stream.entities.flatMap((entity) =>
        recordsOf(entity, body).map((_, index) => {
          const key = keyOf(entity, body, index);
          return `${entity.name} ${slice} ${entity.keyCase === 'lower' ? key?.toLowerCase() : key}`;
        }),
      ),
    );
    const results = await world.run(1);
    expect(results.map(({ slice, outcome, error }) => ({ slice, outcome, error }))).toEqual(
      names.map((slice) => ({ slice, outcome: 'complete', error: null })),
    );
    expect(await world.landed.quarantine()).toEqual([]);
    expect((await world.landedKeys()).sort()).toEqual(expected.sort());
    expect(new Set(expected).size).toBe(expected.length);
    for (const { name } of stream.entities) {
      expect(expected.filter((key) => key.startsWith(`${name} `))).not.toEqual([]);
    }
  });

  test('names every field of its fixture, and only such as are documented', async () => {
    const world = await served(specimen);
    await world.run(1);
    const unknown = (await world.sweeps()).flatMap((sweep) => sweep.unknown_fields);
    expect([...new Set(unknown)], 'fields of the fixture that the schema does not name').toEqual(
      [],
    );
    const body = bodyOf(specimen);
    for (const { name, schema, ...entity } of stream.entities) {
      const unseen = unseenFields(schema, recordsOf({ name, schema, ...entity }, body));
      const excused = Object.keys(UNDOCUMENTED_FIELDS[name] ?? {});
      expect(unseen.sort(), `fields of ${name} that its fixture never shows`).toEqual(
        excused.sort(),
      );
    }
  });

  test('asks as declared, and proves who it is only where that is wanted', async () => {
    const world = await served(specimen);
    await world.run(1);
    expect(world.requests.length).toBeGreaterThan(0);
    for (const { headers } of world.requests) {
      const secrets = Object.values(headers).filter((value) => `${value}`.includes(CANARY));
      expect(secrets.length > 0).toBe(stream.isPublic !== true);
    }
    if (stream.pagination.kind !== 'unpaged') return;
    expect(world.requests).toHaveLength((await world.sliceNames(1)).length);
    for (const { headers, query } of world.requests) {
      expect(headers['ranged-data']).toBeUndefined();
      expect([query.has('limit'), query.has('offset')]).toEqual([false, false]);
    }
  });

  test('changes nothing when it runs again, and adds only sweeps when it runs later', async () => {
    const world = await served(specimen);
    await world.run(1);
    const [records, watermarks] = [await world.records(), await world.rows('watermark')];
    const sweeps = await world.sweeps();
    for (const hour of [1, 2]) {
      await world.run(hour);
      expect(await world.records()).toEqual(records);
    }
    expect(await world.rows('watermark')).toHaveLength(watermarks.length);
    const again = (await world.sweeps()).slice(sweeps.length);
    const unchanged = { records_new: 0, records_changed: 0, records_gone: 0 };
    expect(again).toEqual(
      [1, 2].flatMap((hour) => sweeps.map((sweep) => ({ ...sweep, ...unchanged, hour }))),
    );
  });

  if (stream.slices.kind !== 'months') return;
  const { previous } = stream.slices;
  test('cuts its months in UTC', async () => {
    const world = await served(specimen);
    for (const [now, current] of [
      ['2026-10-31T23:59:59.999Z', '2026-10'],
      ['2026-11-01T00:00:00Z', '2026-11'],
      ['2026-03-29T01:30:00Z', '2026-03'], // clocks go forward in Europe
    ] as const) {
      const results = await world.run(0, { nowMs: Date.parse(now) });
      expect(results.map(({ slice }) => slice).at(-1)).toBe(current);
      expect(results).toHaveLength(previous + 1);
    }
  });
});

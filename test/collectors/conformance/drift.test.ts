/**
 * Goal: an answer that is not quite what the documents say costs no more than the record it is
 * about. Method: change the records of each fixture, entity by entity, between two sweeps.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Entity } from '../../../collectors/stream.ts';
import {
  bodyOf,
  damaged,
  entitiesBeside,
  listedEntities,
  objectsOf,
  recordsLeft,
  SPECIMENS,
  type Specimen,
  withCount,
  withPlace,
} from './specimen.ts';
import { useDatabase, World } from './world.ts';

const database = useDatabase();
const UNKNOWN_FIELD = 'meterhouse_conformance';
/** Enough that the damaged one, the second, is another one when counted from the end. */
const RECORDS = 4;

async function worldOf(specimen: Specimen): Promise<World> {
  const world = await World.open(database(), specimen);
  onTestFinished(() => world.close());
  return world;
}

/** The fixture with four records of a listed entity, and one of any other. */
function bodyFor(specimen: Specimen, entity: Entity): unknown {
  const body = bodyOf(specimen);
  return entity.records.shape === 'object'
    ? body
    : withCount(specimen.stream, entity, body, RECORDS);
}

const ENTITIES = SPECIMENS.flatMap((specimen) =>
  specimen.stream.entities.map((entity) => ({ name: entity.name, specimen, entity })),
);
const LISTED = SPECIMENS.flatMap((specimen) =>
  listedEntities(specimen.stream).map((entity) => ({ name: entity.name, specimen, entity })),
);

describe.each(ENTITIES)('$name', ({ name, specimen, entity }) => {
  test('keeps a field that nobody knows, and the sweep names it', async () => {
    const world = await worldOf(specimen);
    const body = bodyFor(specimen, entity);
    for (const record of objectsOf(entity, body)) record[UNKNOWN_FIELD] = 1;
    await world.serve(body);
    for (const { outcome, landed } of await world.run(1)) {
      expect([outcome, landed?.recordsQuarantined]).toEqual(['complete', 0]);
    }
    for (const { unknown_fields: fields } of await world.sweeps()) {
      expect(fields).toContain(`${name}.${UNKNOWN_FIELD}`);
    }
    const versions = await world.landed.versions(name);
    expect(versions.length).toBeGreaterThan(0);
    for (const version of versions) expect(version).toContain(`"${UNKNOWN_FIELD}": 1`);
  });

  // See quarantine.test.ts: members of a map are set aside by their place in another order.
  test('sets a record of another type aside, alone, until it is mended', async () => {
    const world = await worldOf(specimen);
    const slices = await world.sliceNames(1);
    await world.serve(bodyFor(specimen, entity));
    await world.run(1);
    const all = await world.currentKeys(name);

    // Every record changes, and one of them into something that fails its schema.
    const broken = bodyFor(specimen, entity);
    for (const record of objectsOf(entity, broken)) record[UNKNOWN_FIELD] = 2;
    const records = objectsOf(entity, broken);
    const victim = records[records.length === 1 ? 0 : 1] ?? {};
    Object.assign(victim, damaged(entity, victim));
    await world.serve(broken);
    const results = await world.run(2);
    expect(results.map(({ outcome }) => outcome)).toEqual(slices.map(() => 'complete'));
    const aside = (await world.landed.quarantine(name)).map(({ released, reason }) => [
      released,
      reason,
    ]);
    expect(aside).toEqual(slices.map(() => [null, expect.stringMatching(/^\w.*: \w/)]));
    expect(await world.currentKeys(name)).toEqual(all);
    const versions = await world.landed.versions(name);
    expect(versions.filter((version) => version.includes('gone'))).toEqual([]);
    const untouched = versions.filter((version) => version.endsWith(' seen 1-'));
    expect(untouched).toHaveLength(slices.length);
    expect(versions).toHaveLength((2 * records.length - 1) * slices.length);

    const mended = bodyFor(specimen, entity);
    for (const record of objectsOf(entity, mended)) record[UNKNOWN_FIELD] = 2;
    await world.serve(mended);
    await world.run(3);
    expect((await world.landed.quarantine(name)).map(({ released }) => released)).toEqual(
      slices.map(() => 3),
    );
    expect(await world.currentKeys(name)).toEqual(all);
    expect(await world.landed.versions(name)).toHaveLength(2 * all.length);
  });
});

describe.each(LISTED)('the list of $name', ({ specimen, entity }) => {
  const beside = entitiesBeside(specimen.stream, entity);

  test('closes a record that it does not show any more, unless it is a window', async () => {
    const world = await worldOf(specimen);
    const body = bodyFor(specimen, entity);
    await world.serve(body);
    await world.run(1);
    const fewer = withPlace(entity, structuredClone(body), recordsLeft(entity, body, RECORDS - 1));
    await world.serve(fewer);
    await world.run(2);
    await world.serve(body);
    await world.run(3);
    const slices = await world.sliceNames(1);
    for (const { name, absence } of beside) {
      const seen = (await world.landed.versions(name)).map((version) => version.split(' seen ')[1]);
      const kept = slices.flatMap(() => Array.from({ length: RECORDS - 1 }, () => '1-'));
      const missed = slices.flatMap(() => (absence === 'gone' ? ['1-1, gone 2', '3-'] : ['1-']));
      expect(seen.sort(), name).toEqual([...kept, ...missed].sort());
    }
  });

  test('that is empty is an answer, too', async () => {
    const world = await worldOf(specimen);
    const body = bodyFor(specimen, entity);
    await world.serve(body);
    await world.run(1);
    await world.serve(withPlace(entity, structuredClone(body), recordsLeft(entity, body, 0)));
    for (const { outcome } of await world.run(2)) expect(outcome).toBe('complete');
    for (const { name, absence } of beside) {
      expect(await world.currentKeys(name), name).toHaveLength(
        absence === 'gone' ? 0 : RECORDS * (await world.sliceNames(1)).length,
      );
    }
  });
});

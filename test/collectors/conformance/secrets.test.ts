/**
 * Goal: no secret reaches the database or an error. Method: plant canaries wherever a provider might
 * put one, land what comes, and look at every row and every message.
 */
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SweepResult } from '../../../collectors/run-stream.ts';
import type { FakeAnswer } from '../../support/fake-api.ts';
import {
  bodyOf,
  damaged,
  isObject,
  type JsonObject,
  objectsOf,
  SPECIMENS,
  type Specimen,
} from './specimen.ts';
import { CANARY, useDatabase, World } from './world.ts';

const database = useDatabase();

async function worldOf(specimen: Specimen): Promise<World> {
  const world = await World.open(database(), specimen);
  onTestFinished(() => world.close());
  return world;
}

/** Every object of the body, at any depth, lists included. */
function everyObject(value: unknown): JsonObject[] {
  const members = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return [...(isObject(value) ? [value] : []), ...members.flatMap(everyObject)];
}

/** In every object of every record; not in the maps above them, whose member names are keys. */
function plant({ stream }: Specimen, body: unknown): void {
  const secrets = [`${CANARY}-a`, [`${CANARY}-b`], { deep: `${CANARY}-c` }, { [`${CANARY}-d`]: 1 }];
  const objects = new Set(
    stream.entities.flatMap((entity) => objectsOf(entity, body)).flatMap(everyObject),
  );
  for (const [index, object] of [...objects].entries()) {
    for (const field of stream.redactedFields ?? []) {
      object[field] = structuredClone(secrets[index % secrets.length]);
    }
  }
}

/** The results of a run, or the error that ended it. */
async function outcomeOf(world: World, hour: number): Promise<SweepResult[] | Error> {
  return world.run(hour).catch((error: unknown) => error as Error);
}

describe.each(SPECIMENS.filter(({ stream }) => (stream.redactedFields ?? []).length > 0))(
  '$stream.id',
  (specimen) => {
    const { stream } = specimen;

    test('drops its redacted fields on arrival', async () => {
      const world = await worldOf(specimen);
      const body = bodyOf(specimen);
      plant(specimen, body);
      expect(JSON.stringify(body)).toContain(CANARY);
      await world.serve(body);
      const results = await world.run(1);
      for (const { outcome, landed } of results) {
        expect([outcome, landed?.recordsQuarantined]).toEqual(['complete', 0]);
      }
      const [field = ''] = stream.redactedFields ?? [];
      const everything = await world.everything();
      expect(everything).not.toContain(CANARY);
      expect(everything).not.toContain(`"${field}"`);
      expect(inspect(results, { depth: 9 })).not.toContain(CANARY);
    });

    test('drops them however their names are spelled', async () => {
      const world = await worldOf(specimen);
      const body = bodyOf(specimen);
      plant(specimen, body);
      const text = (stream.redactedFields ?? []).reduce(
        (spelled, field) => spelled.replaceAll(`"${field}":`, `"${escaped(field)}":`),
        JSON.stringify(body),
      );
      await world.answer((request) =>
        request.query.get('offset') === null || request.query.get('offset') === '0'
          ? { body: text }
          : {},
      );
      await outcomeOf(world, 1);
      expect(await world.everything()).not.toContain(CANARY);
    });

    test('drops them from records in quarantine, and names none in the reason', async () => {
      const world = await worldOf(specimen);
      const body = bodyOf(specimen);
      for (const entity of stream.entities) {
        for (const record of objectsOf(entity, body))
          Object.assign(record, damaged(entity, record));
      }
      plant(specimen, body);
      await world.serve(body);
      await world.run(1);
      expect((await world.landed.quarantine()).length).toBeGreaterThan(0);
      expect(await world.everything()).not.toContain(CANARY);
    });

    test('quotes none of a body that cannot be read', async () => {
      const world = await worldOf(specimen);
      const [field = ''] = stream.redactedFields ?? [];
      await world.answer(() => ({ body: `[{"${field}":"${CANARY}"` }));
      const outcome = await outcomeOf(world, 1);
      expect(inspect(outcome, { depth: 9 })).not.toContain(CANARY);
      expect(await world.everything()).not.toContain(CANARY);
    });
  },
);

describe.each(SPECIMENS)('the key of $stream.id', (specimen) => {
  test.each([400, 401, 403, 404, 422, 429, 500])(
    'is not in what comes of a %i that repeats it',
    async (status) => {
      const world = await worldOf(specimen);
      const secrets = Object.values(world.credentials).filter((value) => value.includes(CANARY));
      const words = `refused ${secrets.join(' and ')}`;
      // The message of every error format there is.
      const body = {
        detail: words,
        message: words,
        errorMessage: words,
        error: words,
        name: words,
      };
      const answer: FakeAnswer = { status, body: { ...body, errors: [{ message: words }] } };
      await world.answer(() => answer);
      const outcome = await outcomeOf(world, 1);
      expect(inspect(outcome, { depth: 9, showHidden: true })).not.toContain(CANARY);
      expect(await world.everything()).not.toContain(CANARY);
      expect((await world.sweeps()).length).toBeGreaterThan(0);
    },
  );

  test('is not in what comes of a redirection that repeats it', async () => {
    const world = await worldOf(specimen);
    const [secret = ''] = Object.values(world.credentials);
    await world.answer(() => ({ status: 302, headers: { location: `/${secret}?key=${secret}` } }));
    const outcome = await outcomeOf(world, 1);
    expect(inspect(outcome, { depth: 9 })).not.toContain(CANARY);
    expect(await world.everything()).not.toContain(CANARY);
  });
});

/** The same name in JSON's other spelling of its first letter. */
function escaped(name: string): string {
  return `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
}

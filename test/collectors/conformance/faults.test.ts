/**
 * Goal: no fault of a provider is ever read as a change. Method: land each stream's fixture, let
 * the provider fail in every way there is, and compare what landing holds before and after.
 */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SWEEP_LIMITS, type SweepLimits } from '../../../collectors/run-stream.ts';
import { CredentialsError } from '../../../foundation/errors.ts';
import type { FakeAnswer } from '../../support/fake-api.ts';
import { failure } from '../bench.ts';
import { pageOf } from './honest-pages.ts';
import { bodyOf, SPECIMENS, type Specimen } from './specimen.ts';
import { useDatabase, World } from './world.ts';

const database = useDatabase();

/** Faults that last. */
const FAULTS: Readonly<Record<string, FakeAnswer>> = {
  'a 400': { status: 400 },
  'a 422': { status: 422, body: { detail: 'no' } },
  'a 429 without end': { status: 429, headers: { 'retry-after': '0' } },
  'a 500': { status: 500 },
  'a 503 in HTML': { status: 503, headers: { 'content-type': 'text/html' }, body: '<p>' },
  'a redirection': { status: 302, headers: { location: '/login' } },
  'a login page': { headers: { 'content-type': 'text/html' }, body: '<p>Sign in</p>' },
  'no body': { body: '' },
  'a body that is no JSON': { body: '{"results":[{"id":' },
  'JSON of another kind': { body: 'null' },
  'a cut body': { body: ' '.repeat(200), cutAfterBytes: 50 },
  'a cut chunked body': { body: '[]'.padEnd(200), isChunked: true, cutAfterBytes: 50 },
  'a closed connection': { destroy: true },
};
/** Faults that pass: the same, once. */
const PASSING = [
  'a 429 without end',
  'a 500',
  'no body',
  'a body that is no JSON',
  'a login page',
  'a cut body',
  'a cut chunked body',
  'a closed connection',
];
/** undici's own timers are a second apart: too slow for each stream (client-faults.test.ts has them). */
const IMPATIENT: SweepLimits = { ...DEFAULT_SWEEP_LIMITS, sweepMsMax: 15 };

async function landed(specimen: Specimen): Promise<World> {
  const world = await World.open(database(), specimen);
  await world.serve();
  await world.run(1);
  return world;
}

describe.each(SPECIMENS)('$stream.id', (specimen) => {
  const { stream } = specimen;
  let world: World;
  let before: readonly string[];

  beforeAll(async () => {
    world = await landed(specimen);
    before = await world.records();
    expect(before).not.toEqual([]);
  });
  afterAll(() => world.close());

  async function expectFailure(words: string, limits = DEFAULT_SWEEP_LIMITS): Promise<void> {
    const known = await world.sweeps();
    const results = await world.run(2, { limits });
    expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => 'failed'));
    for (const { error } of results) {
      expect(error).toContain(stream.id);
      expect(error).toContain(words);
    }
    const added = (await world.sweeps()).slice(known.length);
    expect(added.map(({ slice, outcome, error }) => ({ slice, outcome, error }))).toEqual(
      results.map(({ slice, outcome, error }) => ({ slice, outcome, error })),
    );
    expect(await world.records()).toEqual(before);
  }

  async function expectRefusedKey(): Promise<void> {
    await world.answer(() => ({ status: 401, body: {} }));
    if (stream.isPublic === true) return expectFailure('HTTP 401');
    const known = await world.sweeps();
    const error = await failure(world.run(2), CredentialsError);
    expect(error.message).toContain(`account ${world.accountId}: `);
    expect(error.message).toContain('HTTP 401');
    const added = (await world.sweeps()).slice(known.length);
    expect(added).toMatchObject([{ outcome: 'failed', error: error.message, hour: 2 }]);
    expect(await world.records()).toEqual(before);
  }

  test.each(Object.keys(FAULTS))('%s is a failed sweep, and takes nothing away', async (name) => {
    const fault = FAULTS[name] ?? {};
    await world.answer(() => fault);
    await expectFailure(name === 'JSON of another kind' ? '' : `account ${world.accountId}`);
  });

  const isMap = stream.entities[0].records.shape === 'map';
  // A map of anything at the root is also a map of an error.
  if (!(isMap && stream.entities[0].records.path.length === 0)) {
    test('an error in the place of the answer takes nothing away', async () => {
      const own = await landed(specimen);
      onTestFinished(() => own.close());
      const versions = await own.rows('version');
      await own.answer(() => ({ body: { error: 'try later' } }));
      for (const { outcome, landed: found } of await own.run(2)) {
        // Where the answer is the record, it fails its schema.
        expect(outcome === 'failed' || found?.recordsQuarantined === 1).toBe(true);
      }
      expect(await own.rows('version')).toEqual(versions);
    });
  }

  test('the right answer under another content type is a failed sweep', async () => {
    const headers = { 'content-type': 'text/html' };
    await world.answer((request) => ({ ...pageOf(stream, bodyOf(specimen), request), headers }));
    await expectFailure('text/html where JSON was expected');
  });

  test('an answer that does not come is a failed sweep, and takes nothing away', async () => {
    await world.answer(() => new Promise<FakeAnswer>(() => undefined));
    await expectFailure('took longer than 15 ms', IMPATIENT);
  });

  test.each(PASSING)('once, %s is tried again and changes nothing', async (name) => {
    const fault = { ...FAULTS[name], status: FAULTS[name]?.status ?? 200 };
    let asked = 0;
    await world.answer((request) => {
      asked += 1;
      return asked === 1 ? fault : pageOf(stream, bodyOf(specimen), request);
    });
    const known = await world.sweeps();
    const results = await world.run(2);
    expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => 'complete'));
    const added = (await world.sweeps()).slice(known.length);
    expect(added.map(({ retries }) => retries)).toEqual(added.map((_, index) => +(index === 0)));
    expect(await world.records()).toEqual(before);
  });

  test('a key that is refused for good is named with its account', () => expectRefusedKey());

  test('a key that is not let in fails that endpoint with its account named, or is a state of the slice', async () => {
    if (stream.tolerated?.[403] === undefined) {
      await world.answer(() => ({ status: 403, body: {} }));
      return expectFailure('HTTP 403');
    }
    await world.answer(() => ({ status: 403, body: {} }));
    const results = await world.run(2);
    expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => 'denied'));
    expect((await world.sweeps()).at(-1)).toMatchObject({ outcome: 'denied', records: 0 });
    expect(await world.records()).toEqual(before);
  });

  test('a 404 is a failed sweep, or an empty slice where it is tolerated', async () => {
    if (stream.tolerated?.[404] === undefined) {
      await world.answer(() => ({ status: 404, body: {} }));
      return expectFailure('HTTP 404');
    }
    const own = await landed(specimen);
    onTestFinished(() => own.close());
    await own.answer(() => ({ status: 404, body: {} }));
    const results = await own.run(2);
    expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => 'complete'));
    for (const { name, absence } of stream.entities) {
      const versions = await own.landed.versions(name);
      expect(versions.length).toBeGreaterThan(0);
      const end = absence === 'gone' ? /seen 1-1, gone 2$/ : /seen 1-$/;
      for (const version of versions) expect(version).toMatch(end);
    }
  });
});

/**
 * Goal: a listing in pages is read whole, ends where it ends, and is never taken for short. Method:
 * spread records over the pages of a server that keeps to the documents, and of some that do not.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FakeAnswer, FakeRequest } from '../../support/fake-api.ts';
import { listOf, pageOf } from './honest-pages.ts';
import { bodyOf, SPECIMENS, type Specimen, withCount, withPlace } from './specimen.ts';
import { useDatabase, World } from './world.ts';

const database = useDatabase();
const PAGED = SPECIMENS.filter(({ stream }) => stream.pagination.kind !== 'unpaged');

async function worldOf(specimen: Specimen): Promise<World> {
  const world = await World.open(database(), specimen);
  onTestFinished(() => world.close());
  return world;
}

/** The fixture's answer with so many records. */
function bodyWith({ stream, ...specimen }: Specimen, count: number): unknown {
  const entity = listOf(stream);
  const body = bodyOf({ stream, ...specimen });
  return count === 0 ? withPlace(entity, body, []) : withCount(stream, entity, body, count);
}

/** Where each request of the first slice began, as it asked. */
function startsAsked(world: World): number[] {
  const [first] = world.requests;
  const ofSlice = world.requests.filter(({ path }) => path === first?.path);
  return ofSlice.map(({ headers, query }) => {
    const range = /^start=(\d+),/.exec(`${headers['ranged-data']}`);
    return Number(range?.[1] ?? query.get('offset'));
  });
}

test('some streams are paged in each style', () => {
  const styles = new Set(PAGED.map(({ stream }) => stream.pagination.kind));
  expect([...styles].sort()).toEqual(['limit-offset', 'ranged-data']);
});

describe.each(PAGED)('$stream.id', (specimen) => {
  const { stream } = specimen;
  const { name, absence } = listOf(stream);
  const perPage = stream.pagination.kind === 'unpaged' ? 0 : stream.pagination.recordsPerPage;
  const endsOnEmptyPage = stream.pagination.kind === 'ranged-data';

  test.each([0, 1, perPage, perPage + 1, 2 * perPage + 1])(
    'of %i records is read whole',
    async (count) => {
      const world = await worldOf(specimen);
      await world.serve(bodyWith(specimen, count));
      const results = await world.run(1);
      expect(results.map(({ outcome, landed }) => [outcome, landed?.records])).toEqual(
        results.map(() => ['complete', count]),
      );
      expect(await world.landedKeys()).toHaveLength(count * results.length);
      const full = Math.ceil(count / perPage);
      const starts = Array.from({ length: full }, (_, page) => page * perPage);
      if (endsOnEmptyPage) starts.push(count);
      if (starts.length === 0) starts.push(0);
      expect(startsAsked(world)).toEqual(starts);
    },
  );

  test('is read whole from a server that gives fewer than it is asked for', async () => {
    const world = await worldOf(specimen);
    const body = bodyWith(specimen, 5);
    await world.answer((request) => pageOf(stream, body, request, 2));
    expect((await world.run(1)).map(({ landed }) => landed?.records)).toContain(5);
    expect(startsAsked(world)).toEqual(endsOnEmptyPage ? [0, 2, 4, 5] : [0, 2, 4]);
  });

  test('that is empty says that all are gone, or nothing where it is a window', async () => {
    const world = await worldOf(specimen);
    await world.serve(bodyWith(specimen, 2));
    await world.run(1);
    await world.serve(bodyWith(specimen, 0));
    await world.run(2);
    const end = absence === 'gone' ? /seen 1-1, gone 2$/ : /seen 1-$/;
    for (const version of await world.landed.versions(name)) expect(version).toMatch(end);
  });

  /** Lands two records, then lets a page after the first go wrong. */
  async function expectFailed(
    answer: (request: FakeRequest, isFirst: boolean, asked: number) => FakeAnswer,
    words: string,
  ): Promise<void> {
    const world = await worldOf(specimen);
    await world.serve(bodyWith(specimen, 2));
    await world.run(1);
    const before = await world.records();
    let asked = 0;
    await world.answer((request) => {
      const start = /start=(\d+)/.exec(`${request.headers['ranged-data']}`)?.[1];
      asked += 1;
      return answer(request, Number(start ?? request.query.get('offset')) === 0, asked);
    });
    const results = await world.run(2);
    expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => 'failed'));
    expect(results[0]?.error).toContain(words);
    expect(await world.records()).toEqual(before);
  }

  test('that breaks off after its first page is no short listing', async () => {
    const body = bodyWith(specimen, 5);
    await expectFailed(
      (request, isFirst) => (isFirst ? pageOf(stream, body, request, 2) : { status: 500 }),
      'HTTP 500',
    );
  });

  test('whose second page is gone is no short listing', async () => {
    const body = bodyWith(specimen, 5);
    await expectFailed(
      (request, isFirst) => (isFirst ? pageOf(stream, body, request, 2) : { status: 404 }),
      '404',
    );
  });

  test('that repeats a full page for ever is given up', async () => {
    const body = bodyWith(specimen, perPage + 1);
    const first = {
      headers: { 'ranged-data': `start=0,results=${perPage}` },
      query: new URLSearchParams(`limit=${perPage}&offset=0`),
    };
    await expectFailed(() => pageOf(stream, body, first), 'repeated page');
  });

  test('that never comes to rest is given up', async () => {
    const body = bodyWith(specimen, 5);
    await expectFailed((request, isFirst) => {
      if (isFirst) return pageOf(stream, body, request, 3);
      // One record has come in before: the last of the first page moved to the second.
      const { headers, query } = request;
      const shifted = {
        headers: { ...headers, 'ranged-data': 'start=2,results=3' },
        query: new URLSearchParams({ ...Object.fromEntries(query), offset: '2' }),
      };
      return pageOf(stream, body, shifted, 3);
    }, 'kept changing while it was read');
  });
});

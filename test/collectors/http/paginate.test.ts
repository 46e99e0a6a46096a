import { describe, expect } from 'vitest';
import type { Stream } from '../../../collectors/stream.ts';
import { ContractError, ListingMovedError } from '../../../foundation/errors.ts';
import type { FakeRequest, FakeRoute } from '../../support/fake-api.ts';
import { failure, it, read, stream } from './bench.ts';

const things = (...ids: string[]) => ids.map((id) => ({ id }));
const idsOf = (pages: readonly { body: unknown }[]) =>
  pages.map(({ body }) => (body as { results: { id: string }[] }).results.map(({ id }) => id));

describe('a RANGED-DATA listing', () => {
  const ranged = (recordsPerPage: number, more: Partial<Stream> = {}) =>
    stream({ pagination: { kind: 'ranged-data', recordsPerPage }, ...more });

  /** Serves the ids by range, never more than `clamp` at once. */
  function serve(ids: string[], clamp = Number.POSITIVE_INFINITY): FakeRoute {
    return ({ headers }) => {
      const range = /^start=(\d+),results=(\d+)$/.exec(String(headers['ranged-data'])) ?? [];
      const start = Number(range[1]);
      const results = things(...ids.slice(start, start + Math.min(clamp, Number(range[2]))));
      return { body: { results } };
    };
  }
  const ranges = (requests: readonly FakeRequest[]) =>
    requests.map(({ headers }) => headers['ranged-data']);

  it('advances by what came and ends on an empty page', async ({ api, connect, counters }) => {
    api.route('/things', serve(['a', 'b', 'c']));
    const reading = await read(connect(), counters, ranged(2));
    expect(reading).toMatchObject({ outcome: 'complete', pages: 3 });
    expect(idsOf(reading.read)).toEqual([['a', 'b'], ['c'], []]);
    expect(ranges(api.requests)).toEqual([
      'start=0,results=2',
      'start=2,results=2',
      'start=3,results=2',
    ]);
  });

  it('does not end on a short page of a server that clamps', async ({ api, connect, counters }) => {
    api.route('/things', serve(['a', 'b', 'c', 'd', 'e'], 2));
    const reading = await read(connect(), counters, ranged(50));
    expect(idsOf(reading.read).flat()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(ranges(api.requests).at(-1)).toBe('start=5,results=50');
  });

  it('may be empty', async ({ api, connect, counters }) => {
    api.route('/things', serve([]));
    const reading = await read(connect(), counters, ranged(2));
    expect(reading).toMatchObject({ outcome: 'complete', pages: 1 });
    expect(counters.requests).toBe(1);
  });

  it('whose server ignores the header and gives all in one answer is whole', async ({
    api,
    connect,
    counters,
  }) => {
    api.route('/things', () => ({ body: { results: things('a', 'b') } }));
    const reading = await read(connect(), counters, ranged(50));
    expect(reading).toMatchObject({ outcome: 'complete', pages: 1 });
    expect(idsOf(reading.read)).toEqual([['a', 'b']]);
    expect(ranges(api.requests).at(-1)).toBe('start=52,results=50');
  });

  it('is whole, too, when a row of such an answer changes meanwhile, or it is larger than a page', async ({
    api,
    connect,
    counters,
  }) => {
    let hours = 0;
    api.route('/things', () => ({
      body: { results: [{ id: 'a', hours: hours++ }, ...things('b', 'c')] },
    }));
    const reading = await read(connect(), counters, ranged(2));
    expect(idsOf(reading.read)).toEqual([['a', 'b', 'c']]);
  });

  it('breaks the contract when what ignores the header may be a page by itself', async ({
    api,
    connect,
    counters,
  }) => {
    // As many as were asked for, and the sizes that i3D documents without the header.
    for (const size of [50, 15, 25]) {
      const ids = Array.from({ length: size }, (_, index) => `${index}`);
      api.route('/things', () => ({ body: { results: things(...ids) } }));
      const seen: never[] = [];
      const error = await failure(read(connect(), counters, ranged(50), { seen }), ContractError);
      expect(error.message).toContain(
        `repeated page: page 2 equals page 1: RANGED-DATA seems to be ignored, and ${size} records may be a part`,
      );
      expect(seen).toHaveLength(1);
    }
  });

  it('of one row that shifts has moved: the header is not ignored', async ({
    api,
    connect,
    counters,
  }) => {
    const ids = ['a'];
    api.route('/things', (request) => {
      const answer = serve(ids)(request);
      if (api.requests.length === 1) ids.unshift('z'); // comes in before a
      return answer;
    });
    const error = await failure(read(connect(), counters, ranged(50)), ListingMovedError);
    expect(error.message).toContain('acme.thing a is on two pages');
  });

  it('breaks the contract when a later page repeats', async ({ api, connect, counters }) => {
    api.script('/things', [
      { body: { results: things('a') } },
      { body: { results: things('b') } },
      { body: { results: things('b') } },
    ]);
    const error = await failure(read(connect(), counters, ranged(1)), ContractError);
    expect(error.message).toContain('repeated page: page 3 equals page 2 [');
  });

  it('has moved when a record is on two pages', async ({ api, connect, counters }) => {
    api.script('/things', [
      { body: { results: things('a', 'b') } },
      { body: { results: things('b') } },
    ]);
    const error = await failure(read(connect(), counters, ranged(2)), ListingMovedError);
    expect(error.message).toContain('account acme-main: acme.thing b is on two pages [');
  });

  it('compares keys in the case the stream declares', async ({ api, connect, counters }) => {
    api.script('/things', [
      { body: { results: things('Ab') } },
      { body: { results: things('aB') } },
      { body: { results: [] } },
    ]);
    expect((await read(connect(), counters, ranged(1))).pages).toBe(3);
    api.script('/things', [
      { body: { results: things('Ab') } },
      { body: { results: things('aB') } },
      { body: { results: [] } },
    ]);
    const [entity] = stream().entities;
    const lower = ranged(1, { entities: [{ ...entity, keyCase: 'lower' }] });
    await failure(read(connect(), counters, lower), ListingMovedError);
  });

  it('leaves a record without a key, or twice on one page, to others', async ({
    api,
    connect,
    counters,
  }) => {
    api.script('/things', [
      { body: { results: [{}, ...things('a', 'a')] } },
      { body: { results: [{}, 7, null] } },
      { body: { results: [] } },
    ]);
    expect((await read(connect(), counters, ranged(9))).pages).toBe(3);
  });

  it('that is gone half way has moved', async ({ api, connect, counters }) => {
    api.script('/things', [{ body: { results: things('a') } }, { status: 404 }]);
    const tolerant = ranged(1, { tolerated: { 404: 'absent' } });
    const error = await failure(read(connect(), counters, tolerant), ListingMovedError);
    expect(error.message).toContain('page 2 is gone: Acme answered HTTP 404');
  });

  it('is no listing without its list', async ({ api, connect, counters }) => {
    api.script('/things', [{ body: { error: 'x' } }, { body: { results: null } }]);
    for (let count = 0; count < 2; count += 1) {
      const error = await failure(read(connect(), counters, ranged(1)), ContractError);
      expect(error.message).toContain('"results" is no list');
    }
  });
});

describe('a limit-offset listing', () => {
  const paged = (recordsPerPage: number) =>
    stream({
      request: () => ({ path: '/things', query: { kind: 'x' } }),
      pagination: { kind: 'limit-offset', recordsPerPage },
    });

  /** Serves the ids by offset; a limit above `limitMax` is a 422. */
  function serve(ids: string[], limitMax = 100): FakeRoute {
    return ({ query }) => {
      const [limit, offset] = [Number(query.get('limit')), Number(query.get('offset'))];
      if (limit > limitMax) return { status: 422, body: { detail: 'limit too large' } };
      const body = {
        results: things(...ids.slice(offset, offset + limit)),
        total_result_count: ids.length,
        has_next: offset + limit < ids.length,
      };
      return { body };
    };
  }
  const queries = (requests: readonly FakeRequest[]) =>
    requests.map(({ query }) => query.toString());

  it('advances by what came and ends when there is no next', async ({ api, connect, counters }) => {
    api.route('/things', serve(['a', 'b', 'c']));
    const reading = await read(connect(), counters, paged(2));
    expect(reading).toMatchObject({ outcome: 'complete', pages: 2 });
    expect(idsOf(reading.read)).toEqual([['a', 'b'], ['c']]);
    expect(queries(api.requests)).toEqual(['kind=x&limit=2&offset=0', 'kind=x&limit=2&offset=2']);
  });

  it('ends on an empty page where has_next is stuck', async ({ api, connect, counters }) => {
    const envelope = { total_result_count: 1, has_next: true };
    api.script('/things', [
      { body: { ...envelope, results: things('a') } },
      { body: { ...envelope, results: [] } },
    ]);
    expect((await read(connect(), counters, paged(5))).pages).toBe(2);
  });

  it('asks for less when the limit is refused, down to 1', async ({ api, connect, counters }) => {
    api.route('/things', serve(['a', 'b'], 1));
    const reading = await read(connect(), counters, paged(7));
    expect(idsOf(reading.read)).toEqual([['a'], ['b']]);
    const limits = api.requests.map(({ query }) => query.get('limit'));
    expect(limits).toEqual(['7', '3', '1', '1']);
  });

  it('breaks the contract when every limit is refused', async ({ api, connect, counters }) => {
    api.route('/things', serve([], 0));
    const error = await failure(read(connect(), counters, paged(4)), ContractError);
    expect(error.message).toContain('HTTP 422 "limit too large"');
    expect(counters.requests).toBe(3);
  });

  it('has moved when its total changes', async ({ api, connect, counters }) => {
    api.script('/things', [
      { body: { results: things('a'), total_result_count: 2, has_next: true } },
      { body: { results: things('b'), total_result_count: 3, has_next: true } },
    ]);
    const error = await failure(read(connect(), counters, paged(1)), ListingMovedError);
    expect(error.message).toContain('the listing went from 2 to 3 records');
  });

  it('has moved when it gives less or more than its total', async ({ api, connect, counters }) => {
    for (const total of [1, 3]) {
      api.route('/things', () => ({
        body: { results: things('a', 'b'), total_result_count: total, has_next: false },
      }));
      const error = await failure(read(connect(), counters, paged(5)), ListingMovedError);
      expect(error.message).toContain(`the listing gave 2 of ${total} records`);
    }
  });

  it('breaks the contract without a total, or with its paging ignored', async ({
    api,
    connect,
    counters,
  }) => {
    api.route('/things', () => ({ body: { results: [] } }));
    const untold = await failure(read(connect(), counters, paged(5)), ContractError);
    expect(untold.message).toContain('"total_result_count" is no number');
    api.route('/things', () => ({
      body: { results: things('a'), total_result_count: 2, has_next: true },
    }));
    const ignored = await failure(read(connect(), counters, paged(1)), ContractError);
    expect(ignored.message).toContain('limit and offset seems to be ignored');
  });
});

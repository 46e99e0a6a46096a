/**
 * Goal: a record that a listing has on two pages is told from a listing that moved while it was read.
 * Method: pages of a real HTTP server, read by the production runner and landed.
 */
import { describe, expect } from 'vitest';
import { it, stream } from './bench.ts';

describe('a counted listing that has a record twice', () => {
  const counted = stream({ pagination: { kind: 'limit-offset', recordsPerPage: 2 } });
  /** Pages of two records, one letter each. */
  const page = (all: string, offset: number) => ({
    body: {
      results: [...all.slice(offset, offset + 2)].map((id) => ({ id })),
      total_result_count: all.length,
      has_next: offset + 2 < all.length,
    },
  });

  // At the border of two pages, and on pages far from each other.
  it.for([
    ['abbc', 3],
    ['abcdea', 5],
  ] as const)(
    'is landed once two readings were alike: %s',
    async ([all, distinct], { api, runAt, landed }) => {
      api.route('/things', ({ query }) => page(all, Number(query.get('offset'))));
      expect(await runAt(1, { stream: counted })).toMatchObject([
        { outcome: 'complete', landed: { records: distinct, recordsNew: distinct } },
      ]);
      expect(api.requests).toHaveLength(all.length);
      expect(await landed.versions()).toHaveLength(distinct);
    },
  );

  // First z went to the front and was missed, then y did.
  it('is no such listing when it moved, and is read until it rests', async ({
    api,
    runAt,
    landed,
  }) => {
    const readings = ['abbc', 'zaab', 'yzab'];
    api.route('/things', ({ query }) => {
      const reading = Math.floor((api.requests.length - 1) / 2);
      return page(readings[reading] ?? '', Number(query.get('offset')));
    });
    expect(await runAt(1, { stream: counted })).toMatchObject([
      { outcome: 'complete', landed: { records: 4 } },
    ]);
    expect(await landed.versions()).toHaveLength(4);
    expect(api.requests).toHaveLength(6);
  });

  it('is none when it gives one page again and again', async ({ api, runAt }) => {
    let asked = 0;
    api.route('/things', () => ({
      body: {
        results: ['a', 'b'].map((id) => ({ id, asked: asked++ })),
        total_result_count: 4,
        has_next: asked % 4 !== 0,
      },
    }));
    expect(await runAt(1, { stream: counted })).toMatchObject([
      { outcome: 'failed', error: expect.stringContaining('acme.thing a is on two pages') },
    ]);
  });
});

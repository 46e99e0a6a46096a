import { describe, expect } from 'vitest';
import type { FakeRequest } from '../support/fake-api.ts';
import { it, stream } from './bench.ts';

const ranged = stream({ pagination: { kind: 'ranged-data', recordsPerPage: 2 } });

describe('a listing that moves while it is read', () => {
  const page = (...ids: string[]) => ({ body: { results: ids.map((id) => ({ id })) } });

  it('is read again from the start', async ({ api, runAt, landed }) => {
    api.script('/things', [
      page('a', 'b'),
      page('b', 'c'), // something came in before b
      page('z', 'a'),
      page('b', 'c'),
      page(),
    ]);
    expect(await runAt(1, { stream: ranged })).toMatchObject([
      { outcome: 'complete', landed: { records: 4, recordsNew: 4 }, requests: 5 },
    ]);
    expect(await landed.sweeps()).toMatchObject([{ pages: 3, requests: 5 }]);
    expect(await landed.versions()).toHaveLength(4);
  });

  it('fails when it does not come to rest, and takes nothing away', async ({
    api,
    runAt,
    landed,
  }) => {
    api.script('/things', [page('a'), page()]);
    await runAt(1, { stream: ranged });
    let asked = 0;
    api.route('/things', () => (asked++ % 2 === 0 ? page('b', 'c') : page('c', 'd')));
    const [result] = (await runAt(2, { stream: ranged })) ?? [];
    expect(result).toMatchObject({ outcome: 'failed', landed: null, requests: 8 });
    expect(result?.error).toContain('acme.thing kept changing while it was read (4 times)');
    expect(result?.error).toContain('acme.thing c is on two pages');
    expect((await landed.sweeps())[1]).toMatchObject({ outcome: 'failed', error: result?.error });
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
  });
});

describe('a listing that is too long for memory', () => {
  /** 40 records of 256 KB on 20 pages: 10 MB, where 4 MB are kept. */
  const records = (version: number) =>
    Array.from({ length: 40 }, (_, index) => ({
      id: `${index}`,
      version,
      text: 'x'.repeat(2 ** 18),
    }));
  const serve = (all: readonly unknown[]) => (request: Pick<FakeRequest, 'headers'>) => {
    const start = Number(/start=(\d+)/.exec(String(request.headers['ranged-data']))?.[1]);
    return { body: { results: all.slice(start, start + 2) } };
  };

  it('waits in the database page by page, lands whole, and leaves nothing behind', async ({
    api,
    runAt,
    database: { pool },
    landed,
  }) => {
    const waiting = async () =>
      (
        await pool.query<{ pages: number }>(
          'select count(*)::integer as pages from landing.incoming_page',
        )
      ).rows[0]?.pages;
    let most = 0;
    const counting = (all: readonly unknown[]) => async (request: FakeRequest) => {
      most = Math.max(most, (await waiting()) ?? 0);
      return serve(all)(request);
    };
    api.route('/things', counting(records(1)));
    expect(await runAt(1, { stream: ranged })).toMatchObject([
      { outcome: 'complete', landed: { records: 40, recordsNew: 40 } },
    ]);
    expect(most).toBeGreaterThan(8);
    expect(await waiting()).toBe(0);
    expect(await runAt(2, { stream: ranged })).toMatchObject([
      { outcome: 'complete', landed: { records: 40, recordsChanged: 0 } },
    ]);
    api.route('/things', counting([...records(1).slice(1), ...records(2).slice(0, 1)]));
    expect(await runAt(3, { stream: ranged })).toMatchObject([
      { outcome: 'complete', landed: { records: 40, recordsChanged: 1, recordsGone: 0 } },
    ]);
    expect(await waiting()).toBe(0);
    expect((await landed.sweeps()).map(({ pages }) => pages)).toEqual([21, 21, 21]);
  });

  it('is not complete when the server has forgotten a part of it', async ({
    api,
    runAt,
    database: { pool },
    landed,
  }) => {
    api.route('/things', async (request) => {
      const answer = serve(records(1))(request);
      if (answer.body.results.length === 0) await pool.query('delete from landing.incoming_page');
      return answer;
    });
    expect(await runAt(1, { stream: ranged })).toMatchObject([
      { outcome: 'failed', error: expect.stringContaining('pages are left in the database') },
    ]);
    expect(await landed.versions()).toEqual([]);
  });

  it('is read again when a record stands on two pages far from each other', async ({
    api,
    runAt,
    landed,
  }) => {
    const page = (...ids: string[]) => ({ body: { results: ids.map((id) => ({ id })) } });
    api.script('/things', [
      page('a', 'b'),
      page('c', 'd'),
      page('a', 'e'),
      page(),
      page('a', 'b'),
      page('c'),
      page(),
    ]);
    expect(await runAt(1, { stream: ranged })).toMatchObject([
      { outcome: 'complete', landed: { records: 3 }, requests: 7 },
    ]);
    expect(await landed.versions()).toHaveLength(3);
  });
});

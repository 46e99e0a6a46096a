import pg from 'pg';
import { describe, expect, onTestFinished } from 'vitest';
import { DEFAULT_SWEEP_LIMITS } from '../../collectors/run-stream.ts';
import type { Stream } from '../../collectors/stream.ts';
import { CredentialsError, WaitAskedError } from '../../foundation/errors.ts';
import type { FakeRequest } from '../support/fake-api.ts';
import { failure, it, stream } from './bench.ts';

const ONE = { body: { results: [{ id: 'a' }] } };
const ranged = stream({ pagination: { kind: 'ranged-data', recordsPerPage: 2 } });
/** One path per slice: `/things/2026-09`, `/things/2026-10`. */
const monthly: Stream = stream({
  slices: { kind: 'months', previous: 1 },
  request: ({ name }) => ({ path: `/things/${name}` }),
});

describe('a run', () => {
  it('says what it landed, and records it', async ({ api, runAt, landed, accountId }) => {
    api.route('/things', () => ONE);
    const counts = { recordsNew: 1, recordsChanged: 0, recordsGone: 0, recordsQuarantined: 0 };
    expect(await runAt(1)).toEqual([
      {
        accountId,
        streamId: 'acme.thing',
        slice: '',
        outcome: 'complete',
        error: null,
        landed: { records: 1, ...counts },
        requests: 1,
      },
    ]);
    expect(await landed.sweeps()).toEqual([
      {
        hour: 1,
        slice: '',
        outcome: 'complete',
        error: null,
        requests: 1,
        retries: 0,
        pages: 1,
        records: 1,
        records_new: 1,
        records_changed: 0,
        records_gone: 0,
        records_quarantined: 0,
        unknown_fields: [],
      },
    ]);
  });

  it('that is denied where the stream tolerates it leaves everything as it was', async ({
    api,
    runAt,
    landed,
  }) => {
    const tolerant = stream({ tolerated: { 403: 'denied' } });
    api.script('/things', [ONE, { status: 403, body: { detail: 'not yours' } }]);
    await runAt(1, { stream: tolerant });
    const error = 'Acme answered HTTP 403 "not yours"';
    expect(await runAt(2, { stream: tolerant })).toMatchObject([
      { outcome: 'denied', error, landed: null, requests: 1 },
    ]);
    expect((await landed.sweeps())[1]).toMatchObject({ outcome: 'denied', error, records: 0 });
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
  });

  it('whose slice is absent where the stream tolerates it has no records any more', async ({
    api,
    runAt,
    landed,
  }) => {
    const tolerant = stream({ tolerated: { 404: 'absent' } });
    api.script('/things', [ONE, { status: 404 }]);
    await runAt(1, { stream: tolerant });
    expect(await runAt(2, { stream: tolerant })).toMatchObject([
      { outcome: 'complete', landed: { records: 0, recordsGone: 1 } },
    ]);
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-1, gone 2']);
  });

  it('takes an answer without the list for broken, not for empty', async ({
    api,
    runAt,
    landed,
  }) => {
    api.script('/things', [ONE, { body: { result: [] } }, { body: { results: {} } }, { body: [] }]);
    await runAt(1);
    for (const hour of [2, 3, 4]) {
      expect(await runAt(hour)).toMatchObject([
        { outcome: 'failed', error: 'acme.thing: "results" should be a list of acme.thing' },
      ]);
    }
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
  });

  it('fails when the listing has no end', async ({ api, runAt, landed }) => {
    let asked = 0;
    api.route('/things', () => ({ body: { results: [{ id: `${asked++}` }] } }));
    const limits = { ...DEFAULT_SWEEP_LIMITS, pagesMax: 3 };
    const results = await runAt(1, { stream: ranged, limits });
    expect(results).toMatchObject([{ outcome: 'failed', requests: 3 }]);
    expect(results?.[0]?.error).toContain('more than 3 pages');
    expect(await landed.versions()).toEqual([]);
  });

  it('that is stopped ends with the reason, and is not recorded as a failure', async ({
    api,
    runAt,
    landed,
  }) => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    api.route('/things/2026-09', () => {
      stop.abort(reason);
      return { ...ONE, delayMs: 5000 };
    });
    const run = runAt(1, { stream: monthly, signal: stop.signal });
    expect(await failure(run, Error)).toBe(reason);
    expect(api.requests).toHaveLength(1);
    expect(await landed.sweeps()).toEqual([]);
    api.route('/things', () => ONE);
    expect(await runAt(1)).not.toBeNull();
  });
});

describe('slices', () => {
  it('that fail leave the others', async ({ api, runAt, landed }) => {
    api.script('/things/2026-09', [ONE, { status: 500 }]);
    api.script('/things/2026-10', [ONE, { body: { results: [{ id: 'b' }] } }]);
    await runAt(1, { stream: monthly });
    const results = await runAt(2, { stream: monthly });
    expect(results?.map(({ slice, outcome }) => [slice, outcome])).toEqual([
      ['2026-09', 'failed'],
      ['2026-10', 'complete'],
    ]);
    expect(await landed.versions()).toEqual([
      '2026-09:a {"id": "a"} seen 1-',
      '2026-10:a {"id": "a"} seen 1-1, gone 2',
      '2026-10:b {"id": "b"} seen 2-',
    ]);
  });

  // The clock is in October: every run asks for September, only a backfill for the months before.
  it('that the provider does not report any more are denied in a backfill, and fail else', async ({
    api,
    runAt,
  }) => {
    api.route('/things/2026-07', () => ({ status: 410 }));
    api.route('/things/2026-08', () => ({ status: 503 }));
    api.route('/things/2026-09', () => ({ status: 410 }));
    api.route('/things/2026-10', () => ONE);
    const months = ['2026-07', '2026-08', '2026-09', '2026-10'];
    const outcomes = async (at: number, isBackfill: boolean): Promise<string[] | undefined> =>
      (await runAt(at, { stream: monthly, months, isBackfill }))?.map(({ outcome }) => outcome);
    expect(await outcomes(1, true)).toEqual(['denied', 'failed', 'failed', 'complete']);
    expect(await outcomes(2, false)).toEqual(['failed', 'failed', 'failed', 'complete']);
  });

  it('after a refused key are not asked for', async ({ api, runAt, landed }) => {
    api.route('/things/2026-09', () => ({ status: 401 }));
    api.route('/things/2026-10', () => ONE);
    const error = await failure(runAt(1, { stream: monthly }), CredentialsError);
    expect(api.requests.map(({ path }) => path)).toEqual(['/things/2026-09', '/things/2026-09']);
    expect(await landed.sweeps()).toMatchObject([
      { slice: '2026-09', outcome: 'failed', error: error.message, requests: 2, retries: 1 },
    ]);
    api.route('/things/2026-09', () => ONE);
    expect(await runAt(2, { stream: monthly })).toHaveLength(2);
  });
});

describe('a refused slice', () => {
  it('of 403 or 404 fails alone: the others are asked', async ({ api, runAt, landed }) => {
    for (const [hour, status] of [403, 404].entries()) {
      api.route('/things/2026-09', () => ({ status }));
      api.route('/things/2026-10', () => ONE);
      expect(await runAt(hour, { stream: monthly })).toMatchObject([
        { slice: '2026-09', outcome: 'failed', error: expect.stringContaining(`HTTP ${status}`) },
        { slice: '2026-10', outcome: 'complete' },
      ]);
    }
    expect((await landed.sweeps()).map(({ outcome }) => outcome)).toEqual([
      'failed',
      'complete',
      'failed',
      'complete',
    ]);
  });

  it('of 401 fails alone where the key is not refused elsewhere', async ({ api, runAt }) => {
    api.route('/things/2026-09', () => ({ status: 401 }));
    api.route('/things/2026-10', () => ONE);
    const isKeyRefused = () => Promise.resolve(false);
    expect(await runAt(1, { stream: monthly, isKeyRefused })).toMatchObject([
      { outcome: 'failed' },
      { outcome: 'complete' },
    ]);
  });

  it('that asks for a wait of a year ends the run, on record', async ({ api, runAt, landed }) => {
    api.route('/things/2026-09', () => ({ status: 503, headers: { 'retry-after': '31536000' } }));
    const error = await failure(runAt(1, { stream: monthly }), WaitAskedError);
    expect(api.requests).toHaveLength(1);
    expect(await landed.sweeps()).toMatchObject([{ outcome: 'failed', error: error.message }]);
  });
});

describe('two runners at once', () => {
  it('do the work once: the second is told that another one is at it', async ({
    api,
    runAt,
    landed,
    accountId,
  }) => {
    const gate = Promise.withResolvers<void>();
    const arrival = Promise.withResolvers<void>();
    api.route('/things', async () => {
      arrival.resolve();
      if (api.requests.length === 1) await gate.promise;
      return ONE;
    });
    api.route('/other', () => ONE);
    const first = runAt(1);
    await arrival.promise;
    expect(await runAt(1)).toBeNull();
    expect(api.requests).toHaveLength(1);
    // Neither another stream nor another account waits for it.
    const other = { id: 'acme.other', request: () => ({ path: '/other' }) };
    expect(await runAt(1, { stream: stream(other) })).toHaveLength(1);
    const sameStream = { ...stream({ request: other.request }), id: 'acme.thing' };
    expect(await runAt(1, { accountId: `${accountId}-b`, stream: sameStream })).toHaveLength(1);
    gate.resolve();
    expect(await first).toMatchObject([{ outcome: 'complete' }]);
    expect((await landed.sweeps()).map(({ hour, outcome }) => [hour, outcome])).toEqual([
      [1, 'complete'],
      [1, 'complete'],
    ]);
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
    expect(await landed.changes()).toEqual(['new a']);
  });

  it('of many, one at a time, double nothing', async ({ api, runAt, landed }) => {
    api.route('/things', () => ({ ...ONE, delayMs: 5 }));
    const runs = await Promise.all(Array.from({ length: 8 }, () => runAt(1)));
    expect(runs.filter((run) => run !== null)).not.toEqual([]);
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
    expect(await landed.changes()).toEqual(['new a']);
    expect(await runAt(2)).toHaveLength(1);
  });
});

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

describe('while the provider is asked', () => {
  it('no database connection is held: more slow streams than connections all go on', async ({
    api,
    runAt,
    database,
    accountId,
    connect,
  }) => {
    const streams = 14;
    expect(database.pool.options.max).toBeLessThan(streams);
    const arrivals = Promise.withResolvers<void>();
    api.route('/things', async () => {
      if (api.requests.length === streams) arrivals.resolve();
      await arrivals.promise; // nobody is answered before all have asked
      return ONE;
    });
    const accounts = Array.from({ length: streams }, (_, index) => `${accountId}-${index}`);
    const runs = accounts.map((account) => runAt(1, { accountId: account, client: connect() }));
    for (const run of await Promise.all(runs)) {
      expect(run).toMatchObject([{ outcome: 'complete' }]);
    }
  });

  it('the database may lose every session: the sweep lands', async ({
    api,
    runAt,
    database,
    landed,
  }) => {
    api.route('/things', async () => {
      const idle = database.pool.idleCount;
      expect(idle).toBe(database.pool.totalCount);
      const gone = untilRemoved(database.pool, idle);
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query(
        `select pg_terminate_backend(pid, 10000) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      );
      await client.end();
      await gone;
      return ONE;
    });
    expect(await runAt(1)).toMatchObject([{ outcome: 'complete' }]);
    expect(await landed.versions()).toEqual(['a {"id": "a"} seen 1-']);
  });
});

describe('a run that dies', () => {
  const lockOf = async (pool: pg.Pool, accountId: string) => {
    const { rows } = await pool.query<{ holder: string; seconds: number }>(
      `select holder, extract(epoch from expires_at - clock_timestamp())::integer as seconds
       from landing.stream_lock where account_id = $1`,
      [accountId],
    );
    return rows;
  };

  it('frees its stream within a minute, and what it had read goes with it', async ({
    api,
    runAt,
    database: { pool },
    accountId,
  }) => {
    api.route('/things', () => ONE);
    await pool.query(
      `insert into landing.stream_lock values ($1, 'acme.thing', 'dead-' || $1, clock_timestamp() + interval '60 s')`,
      [accountId],
    );
    await pool.query(`insert into landing.incoming_page values ('dead-' || $1, 0, '{}', '[]')`, [
      accountId,
    ]);
    expect(await runAt(1)).toBeNull();
    await pool.query(
      `update landing.stream_lock set expires_at = clock_timestamp() where account_id = $1`,
      [accountId],
    );
    expect(await runAt(1)).toMatchObject([{ outcome: 'complete' }]);
    expect(await lockOf(pool, accountId)).toEqual([]);
    const { rows } = await pool.query(
      `select holder from landing.incoming_page where holder = 'dead-' || $1`,
      [accountId],
    );
    expect(rows).toEqual([]);
  });

  it('has promised no more than a minute', async ({
    api,
    runAt,
    database: { pool },
    accountId,
  }) => {
    const locks: number[] = [];
    api.route('/things', async () => {
      locks.push(...(await lockOf(pool, accountId)).map(({ seconds }) => seconds));
      return ONE;
    });
    await runAt(1);
    expect(locks).toHaveLength(1);
    expect(locks[0]).toBeLessThanOrEqual(60);
  });

  it('and wakes again lands nothing beside the run that took its place', async ({
    api,
    runAt,
    landed,
    database: { pool },
    accountId,
  }) => {
    const answers = [ONE, { body: { results: [] } }, { body: { results: [] } }];
    for (const [hour, answer] of answers.entries()) {
      api.route('/things', async () => {
        await pool.query(
          `update landing.stream_lock set holder = 'next-' || $1 where account_id = $1`,
          [accountId],
        );
        return answer;
      });
      expect(await runAt(hour)).toBeNull();
      await pool.query('delete from landing.stream_lock where account_id = $1', [accountId]);
    }
    expect(await landed.versions()).toEqual([]);
    expect(await landed.sweeps()).toEqual([]);
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

/** Resolves when so many connections have left the pool. */
function untilRemoved(pool: pg.Pool, connections: number): Promise<void> {
  const gone = Promise.withResolvers<void>();
  let left = connections;
  const take = () => {
    left -= 1;
    if (left === 0) gone.resolve();
  };
  pool.on('remove', take);
  onTestFinished(() => {
    pool.off('remove', take);
  });
  return gone.promise;
}
